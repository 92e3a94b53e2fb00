"""The network: a small U-Net that marks lines of text.

Input N x 1 x H x W, one grey view scaled to -1..1, H and W multiples of 32. Output N x 1 x H/2 x W/2, the probability
that a pixel belongs to a line of text. All work at full resolution is one convolution with stride 2, so that a
radiograph of five megapixels stays affordable on one core.
"""

import torch
from torch import nn
from torch.nn import functional

WIDTHS = (12, 24, 40, 64, 112)
DECODER = 32


def conv(inputs, outputs, stride=1, kernel=3, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def light(inputs, outputs):
    """A depthwise and a pointwise convolution, where a full one would cost most of the budget."""
    return nn.Sequential(conv(inputs, inputs, groups=inputs), conv(inputs, outputs, kernel=1))


class Residual(nn.Module):
    def __init__(self, width, layers):
        super().__init__()
        self.layers = layers
        self.width = width

    def forward(self, x):
        return x + self.layers(x)


class TextNet(nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c, d, e = WIDTHS
        self.first = conv(1, a, stride=2)
        self.quarter = nn.Sequential(conv(a, b, stride=2), Residual(b, light(b, b)))
        self.eighth = nn.Sequential(conv(b, c, stride=2), Residual(c, conv(c, c)))
        self.sixteenth = nn.Sequential(conv(c, d, stride=2), Residual(d, conv(d, d)), Residual(d, conv(d, d)))
        self.last = nn.Sequential(conv(d, e, stride=2), Residual(e, conv(e, e)), conv(e, DECODER, kernel=1))
        self.from_sixteenth = conv(d, DECODER, kernel=1)
        self.from_eighth = conv(c, DECODER, kernel=1)
        self.from_quarter = conv(b, DECODER, kernel=1)
        self.join_sixteenth = conv(DECODER, DECODER)
        self.join_eighth = conv(DECODER, DECODER)
        self.join_quarter = light(DECODER, 24)
        self.head = nn.Conv2d(24, 4, 1)

    def forward(self, x):
        quarter = self.quarter(self.first(x))
        eighth = self.eighth(quarter)
        sixteenth = self.sixteenth(eighth)
        y = double(self.last(sixteenth)) + self.from_sixteenth(sixteenth)
        y = double(self.join_sixteenth(y)) + self.from_eighth(eighth)
        y = double(self.join_eighth(y)) + self.from_quarter(quarter)
        return functional.pixel_shuffle(self.head(self.join_quarter(y)), 2)


def double(x):
    return functional.interpolate(x, scale_factor=2, mode="nearest")


class WithProbability(nn.Module):
    """What is exported: the logits of training become probabilities."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.sigmoid(self.net(x))
