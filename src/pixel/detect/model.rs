//! The network, run by `rten`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rten::{Dimension, Model, ModelOptions, NodeId, RunOptions, ThreadPool, ValueView};
use sha2::{Digest, Sha256};

use super::{DetectError, wire};

/// Rows and columns of what the network is given are multiples of this.
pub(super) const STEP: usize = 32;

/// Rows and columns of the picture with which a network shows at loading what it gives.
const PROBE: usize = 64;

/// Which network a detector runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// What it is called: the metadata property `name` of its file.
    pub name: String,
    /// SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// How it was made: the metadata property `recipe` of its file; empty when there is none.
    pub recipe: String,
}

/// A loaded network. One serves all threads.
pub(super) struct Network {
    model: Model,
    input: NodeId,
    output: NodeId,
    /// 1: grey, trained for this. 3: a photograph's red, green and blue.
    channels: usize,
    /// Pixels of the input to one of the output, in each direction.
    scale: usize,
    /// Threads that wait for work. Each call takes one, so that as many run as there are callers.
    idle: Mutex<Vec<Arc<ThreadPool>>>,
}

/// A network on a thread of its own.
pub(super) struct Session<'a> {
    network: &'a Network,
    options: RunOptions,
}

impl Network {
    /// Reads an ONNX file, and runs it once to see what it gives.
    pub(super) fn load(bytes: &[u8]) -> Result<(Network, ModelInfo), DetectError> {
        let unloadable = |reason: String| DetectError::Unloadable { reason };
        if bytes.is_empty() || !wire::is_message(bytes) {
            return Err(unloadable("it is no ONNX file".to_owned()));
        }
        let load = || ModelOptions::with_all_ops().load(bytes.to_vec());
        let model = catch_unwind(AssertUnwindSafe(load))
            .map_err(|_| unloadable("it is damaged".to_owned()))?
            .map_err(|error| unloadable(error.to_string()))?;
        let property = |name| model.metadata().get(name).unwrap_or_default().to_owned();
        let mut info = ModelInfo {
            name: property("name"),
            sha256: hex(&Sha256::digest(bytes)),
            recipe: property("recipe"),
        };
        if info.name.is_empty() {
            "unnamed".clone_into(&mut info.name);
        }
        let shape = |what| DetectError::Shape { what };
        let (&[input], &[output, ..]) = (model.input_ids(), model.output_ids()) else {
            return Err(shape("not one input"));
        };
        let channels = match model.input_shape(0).as_deref() {
            Some([_, Dimension::Fixed(channels @ (1 | 3)), height, width]) => {
                let is_fixed = |side: &Dimension| matches!(side, Dimension::Fixed(_));
                if is_fixed(height) || is_fixed(width) {
                    return Err(shape("an input of fixed size"));
                }
                *channels
            }
            _ => return Err(shape("an input that is no image")),
        };
        let mut network = Network {
            model,
            input,
            output,
            channels,
            scale: 1,
            idle: Mutex::default(),
        };
        let (height, width) = network.on_a_thread(|session| {
            let (height, width, _) = session.infer(&[0; PROBE * PROBE], PROBE, PROBE)?;
            Ok((height, width))
        })?;
        if height == 0 || height != width || !PROBE.is_multiple_of(height) {
            return Err(shape(
                "an output of another size than a whole part of its input",
            ));
        }
        network.scale = PROBE / height;
        Ok((network, info))
    }

    /// Pixels of the input to one of the output, in each direction.
    pub(super) fn scale(&self) -> usize {
        self.scale
    }

    /// Whether it was made for photographs: small letters must be enlarged for it, and what it marks is the inner part
    /// of a line.
    pub(super) fn is_foreign(&self) -> bool {
        self.channels == 3
    }

    /// Does work on a thread that does nothing else meanwhile.
    ///
    /// The library runs on a thread pool of its own. Were it called on a thread of the caller's pool, that thread would
    /// take up other files while it waits, one within the other. So it is called on a plain thread, which just waits.
    pub(super) fn on_a_thread<R: Send>(
        &self,
        work: impl FnOnce(&Session<'_>) -> Result<R, DetectError> + Send,
    ) -> Result<R, DetectError> {
        let lock = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = lock().pop();
        let pool = waiting.unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let session = Session {
            network: self,
            options: RunOptions::default().with_thread_pool(Some(Arc::clone(&pool))),
        };
        let done = thread::scope(|scope| {
            let run = || pool.run(|| work(&session));
            let started = thread::Builder::new().spawn_scoped(scope, run);
            let running = started.map_err(|error| DetectError::Thread(error.kind()))?;
            running.join().unwrap_or_else(|_| {
                let reason = "it does not fit together".to_owned();
                Err(DetectError::Failed { reason })
            })
        });
        lock().push(pool);
        done
    }
}

impl Session<'_> {
    /// The network.
    pub(super) fn network(&self) -> &Network {
        self.network
    }

    /// The map of one grey picture, row by row: values 0 to 1, `scale` times smaller.
    pub(super) fn map(
        &self,
        picture: &[u8],
        height: usize,
        width: usize,
    ) -> Result<Vec<f32>, DetectError> {
        let (rows, columns, map) = self.infer(picture, height, width)?;
        let scale = self.network.scale;
        let is_whole = rows * scale == height && columns * scale == width;
        if is_whole && map.iter().all(|value| value.is_finite()) {
            Ok(map)
        } else {
            let reason = "its map is not whole".to_owned();
            Err(DetectError::Failed { reason })
        }
    }

    fn infer(
        &self,
        picture: &[u8],
        height: usize,
        width: usize,
    ) -> Result<(usize, usize, Vec<f32>), DetectError> {
        let failed = |reason: String| DetectError::Failed { reason };
        let network = self.network;
        let input = network.planes(picture);
        let input = ValueView::from_shape([1, network.channels, height, width], &input)
            .map_err(|error| failed(error.to_string()))?;
        let [output] = network
            .model
            .run_n(
                vec![(network.input, input.into())],
                [network.output],
                Some(self.options.clone()),
            )
            .map_err(|error| failed(error.to_string()))?;
        let (shape, map) = output
            .into_shape_vec::<f32, 4>()
            .map_err(|error| failed(error.to_string()))?;
        match shape {
            [1, 1, rows, columns] if rows * columns == map.len() => Ok((rows, columns, map)),
            _ => Err(DetectError::Shape {
                what: "an output that is no map",
            }),
        }
    }
}

impl Network {
    /// What the network is given of a grey picture.
    fn planes(&self, picture: &[u8]) -> Vec<f32> {
        // Of ImageNet, by which photographs are normalised.
        const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
        const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];
        let mut planes = Vec::with_capacity(picture.len() * self.channels);
        let mut add = |mean: f32, deviation: f32| {
            let table: [f32; 256] =
                std::array::from_fn(|value| (value as f32 / 255.0 - mean) / deviation);
            planes.extend(picture.iter().map(|value| table[usize::from(*value)]));
        };
        if self.is_foreign() {
            for (mean, deviation) in MEAN.into_iter().zip(DEVIATION) {
                add(mean, deviation);
            }
        } else {
            add(0.5, 0.5);
        }
        planes
    }
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}
