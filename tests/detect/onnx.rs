//! A network small enough to write down: it marks every stroke, so that what is missed was missed around it.

/// What the made network takes and says.
pub(crate) struct Plan {
    /// Channels of the input.
    pub(crate) channels: usize,
    /// Pixels to one place of the output.
    pub(crate) scale: u64,
    /// Fixed rows and columns of the input.
    pub(crate) side: Option<u64>,
    /// Metadata.
    pub(crate) properties: &'static [(&'static str, &'static str)],
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            channels: 1,
            scale: 2,
            side: None,
            properties: &[("name", "strokes"), ("recipe", "written down")],
        }
    }
}

/// An ONNX file. What differs from its neighbours by two grey levels gives 1, nine pixels around it too.
pub(crate) fn strokes(plan: &Plan) -> Vec<u8> {
    // The mean of four neighbours against the pixel itself, both ways.
    let kernel = [0.0, -1.0, 0.0, -1.0, 4.0, -1.0, 0.0, -1.0, 0.0_f32];
    let gain = if plan.channels == 1 { 35.0 } else { 12.0 };
    let weights: Vec<u8> = (0..plan.channels)
        .flat_map(|_| kernel)
        .flat_map(|value| (value * gain).to_le_bytes())
        .collect();
    let mut tensor = Vec::new();
    for dim in [1, plan.channels as u64, 3, 3] {
        number(&mut tensor, 1, dim);
    }
    number(&mut tensor, 2, 1);
    bytes(&mut tensor, 8, b"edges");
    bytes(&mut tensor, 9, &weights);

    let mut graph = Vec::new();
    // No padding here, or the border of every part would be a stroke.
    let conv = [ints("kernel_shape", &[3, 3])];
    bytes(&mut graph, 1, &node("Conv", &["x", "edges"], "e", &conv));
    bytes(&mut graph, 1, &node("Abs", &["e"], "a", &[]));
    let pool = [
        ints("kernel_shape", &[9, 9]),
        ints("pads", &[5, 5, 5, 5]),
        ints("strides", &[plan.scale, plan.scale]),
    ];
    bytes(&mut graph, 1, &node("MaxPool", &["a"], "p", &pool));
    bytes(&mut graph, 1, &node("Tanh", &["p"], "y", &[]));
    bytes(&mut graph, 2, b"strokes");
    bytes(&mut graph, 5, &tensor);
    let sides = [plan.side, plan.side];
    bytes(&mut graph, 11, &value("x", plan.channels as u64, sides));
    bytes(&mut graph, 12, &value("y", 1, [None, None]));

    let mut model = Vec::new();
    number(&mut model, 1, 8);
    let mut opset = Vec::new();
    bytes(&mut opset, 1, b"");
    number(&mut opset, 2, 13);
    bytes(&mut model, 8, &opset);
    bytes(&mut model, 7, &graph);
    for (key, value) in plan.properties {
        let mut entry = Vec::new();
        bytes(&mut entry, 1, key.as_bytes());
        bytes(&mut entry, 2, value.as_bytes());
        bytes(&mut model, 14, &entry);
    }
    model
}

fn node(kind: &str, inputs: &[&str], output: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let mut node = Vec::new();
    for input in inputs {
        bytes(&mut node, 1, input.as_bytes());
    }
    bytes(&mut node, 2, output.as_bytes());
    bytes(&mut node, 4, kind.as_bytes());
    for attribute in attributes {
        bytes(&mut node, 5, attribute);
    }
    node
}

fn ints(name: &str, values: &[u64]) -> Vec<u8> {
    let mut attribute = Vec::new();
    bytes(&mut attribute, 1, name.as_bytes());
    for value in values {
        number(&mut attribute, 8, *value);
    }
    number(&mut attribute, 20, 7);
    attribute
}

/// One image of any number, rows and columns unless fixed.
fn value(name: &str, channels: u64, sides: [Option<u64>; 2]) -> Vec<u8> {
    let mut shape = Vec::new();
    for (at, side) in [None, Some(channels), sides[0], sides[1]]
        .into_iter()
        .enumerate()
    {
        let mut dim = Vec::new();
        match side {
            Some(side) => number(&mut dim, 1, side),
            None => bytes(&mut dim, 2, format!("{name}{at}").as_bytes()),
        }
        bytes(&mut shape, 1, &dim);
    }
    let mut tensor = Vec::new();
    number(&mut tensor, 1, 1);
    bytes(&mut tensor, 2, &shape);
    let mut kind = Vec::new();
    bytes(&mut kind, 1, &tensor);
    let mut info = Vec::new();
    bytes(&mut info, 1, name.as_bytes());
    bytes(&mut info, 2, &kind);
    info
}

fn number(into: &mut Vec<u8>, field: u64, value: u64) {
    varint(into, field << 3);
    varint(into, value);
}

fn bytes(into: &mut Vec<u8>, field: u64, value: &[u8]) {
    varint(into, field << 3 | 2);
    varint(into, value.len() as u64);
    into.extend_from_slice(value);
}

fn varint(into: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        into.push(value as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}
