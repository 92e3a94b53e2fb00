"""Makes strokes.onnx: a stand-in for a text detector that tests can reckon with.

It marks places with fine strokes both across and along, the stronger their contrast the higher. A straight edge has none
of one kind, so that boxes and discs are no text. Run with Python and the package `onnx`; the file is always the same.
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

kernels = np.zeros((2, 1, 3, 3), dtype=np.float32)
kernels[0, 0, 1] = [1, -2, 1]
kernels[1, 0, :, 1] = [1, -2, 1]
pool = {"kernel_shape": [9, 9], "strides": [1, 1], "pads": [5, 5, 5, 5], "count_include_pad": 1}
nodes = [
    # Without padding, or the border of every part of a picture would be a stroke.
    helper.make_node(
        "Conv",
        ["picture", "kernels"],
        ["steps"],
        kernel_shape=[3, 3],
        strides=[1, 1],
        dilations=[1, 1],
        group=1,
        pads=[0, 0, 0, 0],
    ),
    helper.make_node("Abs", ["steps"], ["sizes"]),
    helper.make_node("AveragePool", ["sizes"], ["means"], **pool),
    helper.make_node("Split", ["means", "halves"], ["across", "along"], axis=1),
    helper.make_node("Min", ["across", "along"], ["both"]),
    helper.make_node("Mul", ["both", "factor"], ["scaled"]),
    helper.make_node("Clip", ["scaled", "zero", "one"], ["clipped"]),
    helper.make_node("MaxPool", ["clipped"], ["map"], kernel_shape=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0]),
]
constants = [
    numpy_helper.from_array(kernels, "kernels"),
    numpy_helper.from_array(np.array([1, 1], dtype=np.int64), "halves"),
    numpy_helper.from_array(np.array(0.5, dtype=np.float32), "factor"),
    numpy_helper.from_array(np.array(0, dtype=np.float32), "zero"),
    numpy_helper.from_array(np.array(1, dtype=np.float32), "one"),
]
picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, ["N", 1, "H", "W"])
result = helper.make_tensor_value_info("map", TensorProto.FLOAT, ["N", 1, "h", "w"])
graph = helper.make_graph(nodes, "strokes", [picture], [result], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
for key, value in [("name", "strokes"), ("recipe", "made by hand, for tests alone")]:
    property = model.metadata_props.add()
    property.key, property.value = key, value
checker.check_model(model)
save(model, Path(__file__).with_name("strokes.onnx"))
