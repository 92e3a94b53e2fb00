//! What counts as text.

/// The score at which a line counts as text.
pub(super) const ACCEPT: f32 = 0.5;
/// How far around its best place a line reaches.
pub(super) const EXTENT: f32 = 0.3;
/// The score at which something may be text.
pub(super) const UNSURE: f32 = 0.2;

/// The thresholds of a search. All are values of the network's map, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// A place is text when the map reaches this somewhere in it.
    pub accept: f32,
    /// A place of text covers all that is connected and above this, so that faint first and last letters are in it.
    pub extent: f32,
    /// A place that could be a line of text, and in which the map reaches this but not `accept`, is told as unsure.
    pub unsure: f32,
    /// Also look at views that rarely show what the others do not, at about a quarter more time.
    pub thorough: bool,
}

/// Below this, the whole of every image would be text.
const LEAST: f32 = 0.02;

impl Settings {
    /// With thresholds that can be worked with: from nearly 0 to 1, the one for text the highest. What is no number
    /// finds most.
    pub(super) fn sane(&self) -> Settings {
        let sane = |value: f32, most: f32| {
            if value.is_nan() {
                LEAST
            } else {
                value.clamp(LEAST, most)
            }
        };
        let accept = sane(self.accept, 1.0);
        Settings {
            accept,
            extent: sane(self.extent, accept),
            unsure: sane(self.unsure, accept),
            thorough: self.thorough,
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            accept: ACCEPT,
            extent: EXTENT,
            unsure: UNSURE,
            thorough: false,
        }
    }
}
