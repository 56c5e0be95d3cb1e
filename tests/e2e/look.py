"""A command that tells, as its metrics, what it sees around it. Arguments: NAME... of variables."""
import json
import os
import signal
import sys
import time


def blocked_or_ignored(number):
    bits = 0
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith(("SigBlk:", "SigIgn:")):
                bits |= int(line.split()[1], 16)
    return bool(bits >> (number - 1) & 1)


def main():
    with open(os.environ["MALET_CONFIG"]) as file:
        config = json.load(file)
    begin = time.monotonic()
    time.sleep(config.get("sleep_ms", 0) / 1000)
    seen = {"var_" + name: os.environ.get(name, "(unset)") for name in sys.argv[1:]}
    seen.update(
        stdin=os.readlink("/proc/self/fd/0"), leads=os.getpgrp() == os.getpid(),
        launcher=" ".join(sorted(name for name in os.environ
                                 if name.startswith(("OMPI_", "PMIX_", "PMI_", "PRTE_", "ORTE_",
                                                     "OPAL_", "SLURM_")))),
        descriptors=" ".join(sorted(os.listdir("/proc/self/fd"))),
        usr1=blocked_or_ignored(signal.SIGUSR1), usr2=blocked_or_ignored(signal.SIGUSR2),
        xcpu=blocked_or_ignored(signal.SIGXCPU), begin=begin, end=time.monotonic())
    with open(os.environ["MALET_METRICS"], "w") as file:
        json.dump({"final": seen}, file)


if __name__ == "__main__":
    main()
