"""Writes trained weights as ONNX: batch norms folded into the convolutions, sizes left open, the recipe as metadata.

    python export.py weights.pt ../src/pixel/detect/text.onnx --name samar-text-1 --recipe "..."
"""

import argparse

import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from network import TextNet, WithProbability


def fold(module):
    """Folds each batch norm into the convolution before it."""
    for name, child in module.named_children():
        if isinstance(child, nn.Sequential):
            layers = list(child)
            for i, layer in enumerate(layers[:-1]):
                if isinstance(layer, nn.Conv2d) and isinstance(layers[i + 1], nn.BatchNorm2d):
                    child[i] = fuse_conv_bn_eval(layer, layers[i + 1])
                    child[i + 1] = nn.Identity()
        fold(child)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights")
    parser.add_argument("out")
    parser.add_argument("--name", default="samar-text", help="what reports call the model")
    parser.add_argument("--recipe", default="untrained", help="how it was trained, for who reads a report")
    args = parser.parse_args()
    torch.manual_seed(1)
    net = TextNet()
    if args.weights != "none":
        net.load_state_dict(torch.load(args.weights, map_location="cpu"))
    net.eval()
    fold(net)
    sizes = {0: "batch", 2: "rows", 3: "columns"}
    torch.onnx.export(
        WithProbability(net),
        (torch.zeros(1, 1, 64, 64),),
        args.out,
        input_names=["view"],
        output_names=["text"],
        dynamic_axes={"view": sizes, "text": {0: "batch", 2: "half_rows", 3: "half_columns"}},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(args.out)
    model.producer_name, model.producer_version, model.doc_string = "samar", "", ""
    for node in model.graph.node:
        node.doc_string = ""
    for key, value in (("name", args.name), ("recipe", args.recipe)):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model)
    onnx.save(model, args.out)


if __name__ == "__main__":
    main()
