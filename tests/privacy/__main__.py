"""`python -m tests.privacy SEED COUNT`: make COUNT files of each sort from SEED on, print what is told wrongly."""

import sys
import tempfile
from pathlib import Path

from tests.privacy.trial import trials


def main(seed: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        done = list(trials(seed, Path(folder), pdfs=count, documents=count))
    for trial in done:
        if not trial.is_right:
            print("held" if trial.findings else "missed", trial.what, trial.findings[:3])
    lists = [trial for trial in done if trial.is_list]
    others = [trial for trial in done if not trial.is_list]
    print(
        f"recall {sum(trial.is_right for trial in lists) / len(lists):.4f} of {len(lists)},"
        f" false holds {1 - sum(trial.is_right for trial in others) / len(others):.4f} of {len(others)}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
