//! Frame headers (ITU-T T.81 section B.2.2).

use super::super::error::CodecError;

/// What the frame header of a JPEG stream says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Rows, in pixels.
    pub rows: u32,
    /// Columns, in pixels.
    pub columns: u32,
    /// Bits of one sample: 8 or 12.
    pub precision: u8,
    /// The components, 1 to 4.
    pub components: Vec<Component>,
}

/// One component of a frame: a plane of samples of its own size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Horizontal sampling factor, 1 to 4: samples in a row, relative to the other components.
    pub horizontal: u8,
    /// Vertical sampling factor, 1 to 4.
    pub vertical: u8,
    /// The name that scan headers call it by.
    pub(super) id: u8,
    /// Its quantisation table.
    pub(super) quantisation: u8,
}

impl Frame {
    /// Reads the body of a SOF segment. `baseline` is process 1, which has 8 bits alone.
    pub(super) fn parse(body: &[u8], baseline: bool) -> Result<Frame, CodecError> {
        let &[precision, y1, y2, x1, x2, count, ref components @ ..] = body else {
            return Err(CodecError::Malformed("the frame header ends early"));
        };
        let rows = u32::from(u16::from_be_bytes([y1, y2]));
        let columns = u32::from(u16::from_be_bytes([x1, x2]));
        if precision != 8 && (baseline || precision != 12) {
            return Err(CodecError::Malformed(
                "a sample precision that its process lacks",
            ));
        }
        if rows == 0 {
            return Err(CodecError::Unsupported(
                "its height stands in a DNL segment",
            ));
        }
        if columns == 0 || count == 0 || components.len() != usize::from(count) * 3 {
            return Err(CodecError::Malformed("the frame header"));
        }
        if count > 4 {
            return Err(CodecError::Unsupported("more than four components"));
        }
        let components: Vec<Component> = components
            .as_chunks::<3>()
            .0
            .iter()
            .map(|&[id, sampling, quantisation]| Component {
                horizontal: sampling >> 4,
                vertical: sampling & 15,
                id,
                quantisation,
            })
            .collect();
        for (at, component) in components.iter().enumerate() {
            let factors = [component.horizontal, component.vertical];
            let others = components.iter().skip(at + 1);
            if factors.iter().any(|factor| !(1..=4).contains(factor))
                || others.map(|other| other.id).any(|id| id == component.id)
            {
                return Err(CodecError::Malformed("a component of the frame header"));
            }
        }
        Ok(Frame {
            rows,
            columns,
            precision,
            components,
        })
    }

    /// The largest sampling factors of all components, horizontal and vertical.
    pub(super) fn largest_factors(&self) -> (u32, u32) {
        let largest = |of: fn(&Component) -> u8| self.components.iter().map(of).max().unwrap_or(1);
        (
            u32::from(largest(|c| c.horizontal)),
            u32::from(largest(|c| c.vertical)),
        )
    }
}
