"""Handwritten digits, by a network with one hidden layer: numpy and a function as Malet takes it."""
import os
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "digits" / "data" / "digits.csv.gz"


def load_digits():
    """Images and labels: of every five, three for training, one each for validation and test."""
    table = np.loadtxt(DATA, delimiter=",")
    parts = np.arange(len(table)) % 5
    return [(table[rows, :-1] / 16, table[rows, -1].astype(int))
            for rows in (parts < 3, parts == 3, parts == 4)]


def forward(weights, images):
    hidden = np.maximum(images @ weights["w1"] + weights["b1"], 0)
    scores = np.exp(hidden @ weights["w2"] + weights["b2"])
    return hidden, scores / scores.sum(axis=1, keepdims=True)


def accuracy(weights, data):
    return np.mean(forward(weights, data[0])[1].argmax(axis=1) == data[1])


def run_epoch(weights, data, config, epoch):
    images, labels = data
    order = np.random.default_rng([config.seed, epoch]).permutation(len(images))
    for rows in np.split(order, range(config.batch_size, len(order), config.batch_size)):
        hidden, error = forward(weights, images[rows])
        error[np.arange(len(rows)), labels[rows]] -= 1
        back = (error @ weights["w2"].T) * (hidden > 0)
        for name, inputs, outputs in (("2", hidden, error), ("1", images[rows], back)):
            weights["w" + name] -= config.lr / len(rows) * (inputs.T @ outputs)
            weights["b" + name] -= config.lr / len(rows) * outputs.sum(axis=0)


def train(config, experiment):
    training, validation, test = load_digits()
    random = np.random.default_rng(config.seed)
    weights = {"w1": random.normal(0, 0.2, (64, config.hidden)), "b1": np.zeros(config.hidden),
               "w2": random.normal(0, 0.2, (config.hidden, 10)), "b2": np.zeros(10)}
    metrics = {"val_accuracy": []}
    file = Path(config.checkpoints, f"{config.lr}_{config.hidden}_{config.seed}.npz")
    file.parent.mkdir(parents=True, exist_ok=True)
    if config in experiment.log and file.exists():  # an earlier attempt was interrupted
        left = experiment.get_log_checkpoint(config, metrics)["val_accuracy"]
        saved = dict(np.load(file))
        done = int(saved.pop("epochs"))
        if len(left) >= done:  # the log is saved first, so it may be one epoch ahead
            weights, metrics = saved, {"val_accuracy": left[:done]}
    for epoch in range(len(metrics["val_accuracy"]), config.epochs):
        run_epoch(weights, training, config, epoch)
        metrics["val_accuracy"].append(accuracy(weights, validation))
        experiment.update_log(config, **metrics)
        np.savez(file.with_suffix(".new.npz"), epochs=epoch + 1, **weights)
        os.replace(file.with_suffix(".new.npz"), file)
    return {**metrics, "accuracy": accuracy(weights, test)}
