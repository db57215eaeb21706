"""`python -m trialcriteria` is the command `trialcriteria`."""

from trialcriteria.cli import main

if __name__ == "__main__":
    main()
