"""Trains the network on shards made by make_data.py.

    python train.py data --out weights.pt --minutes 80

Shards that appear while it runs are taken up. Every few minutes the weights (their running mean, which is what is kept) and
the state to go on from are written.
"""

import argparse
import glob
import math
import os
import time

import numpy as np
import torch
from torch.nn import functional

from network import TextNet

BATCH = 12
# A line that is missed weighs more than a spot too many.
POSITIVE = 1.5


class Shards:
    """Batches from all shards there are; a few shards are held in memory and replaced in turn."""

    def __init__(self, folder, seed, held=24):
        self.folder, self.rng, self.held, self.loaded = folder, np.random.default_rng(seed), held, []
        self.turn = 0

    def refresh(self):
        files = sorted(f for f in glob.glob(os.path.join(self.folder, "*.npz")) if ".part." not in f)
        # The last shards are the newest; each is as likely as any other.
        path = files[int(self.rng.integers(len(files)))]
        with np.load(path) as data:
            pair = data["views"], data["targets"]
        if len(self.loaded) < min(self.held, len(files)):
            self.loaded.append(pair)
        else:
            self.loaded[self.turn % len(self.loaded)] = pair
            self.turn += 1

    def batch(self):
        views, targets = [], []
        for _ in range(BATCH):
            v, t = self.loaded[int(self.rng.integers(len(self.loaded)))]
            i = int(self.rng.integers(len(v)))
            views.append(v[i])
            targets.append(t[i])
        x = torch.from_numpy(np.stack(views)).float().div_(127.5).sub_(1).unsqueeze(1)
        gain = torch.empty(BATCH, 1, 1, 1).uniform_(0.8, 1.0)
        return x * gain, torch.from_numpy(np.stack(targets)).unsqueeze(1)


def loss_of(logits, targets):
    known = (targets < 2).float()
    truth = (targets == 1).float()
    weight = known * (1 + (POSITIVE - 1) * truth)
    cross = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    # Beside the mean, the hardest pixels: thin text and hard negatives are few.
    each = cross * weight
    hardest = each.flatten().topk(each.numel() // 50).values.mean()
    p = torch.sigmoid(logits) * known
    dice = 1 - (2 * (p * truth).sum() + 1) / (p.sum() + truth.sum() + 1)
    return each.sum() / known.sum() + 0.05 * hardest + dice


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--out", default="weights.pt")
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--resume", help="a state to go on from")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    net = TextNet().to(memory_format=torch.channels_last)
    torch.nn.init.constant_(net.head.bias, -2.0)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=1e-4)
    mean = TextNet().eval()
    mean.load_state_dict(net.state_dict())
    step = 0
    if args.resume:
        state = torch.load(args.resume, map_location="cpu")
        net.load_state_dict(state["net"])
        mean.load_state_dict(state["mean"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    shards = Shards(args.data, args.seed + step)
    shards.refresh()
    begun, saved, shown, first = time.time(), time.time(), 0.0, step
    while (spent := (time.time() - begun) / 60) < args.minutes:
        if step % 20 == 0:
            shards.refresh()
        warm = min(1, (step - first + 1) / 200)
        for group in optimiser.param_groups:
            group["lr"] = args.rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * spent / args.minutes)))
        x, targets = shards.batch()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net(x.to(memory_format=torch.channels_last))
        loss = loss_of(logits.float(), targets)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimiser.step()
        keep = min(0.998, step / (step + 20))
        with torch.no_grad():
            for kept, now in zip(mean.state_dict().values(), net.state_dict().values()):
                if kept.dtype.is_floating_point:
                    kept.mul_(keep).add_(now, alpha=1 - keep)
        step += 1
        shown = 0.98 * shown + 0.02 * loss.item()
        if step % 100 == 0:
            print(f"{spent:5.1f} min, step {step}, loss {shown / (1 - 0.98 ** (step - first)):.4f}", flush=True)
        if time.time() - saved > 120:
            save(args.out, net, mean, optimiser, step)
            saved = time.time()
    save(args.out, net, mean, optimiser, step)


def save(out, net, mean, optimiser, step):
    torch.save(mean.state_dict(), out)
    torch.save({"net": net.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, out + ".state")


if __name__ == "__main__":
    main()
