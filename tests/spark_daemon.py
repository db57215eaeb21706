"""What Spark starts its Python workers from in tests: they read as always, but for texts that make trouble."""

from pyspark.daemon import manager

import fakes

if __name__ == "__main__":
    fakes.make_trouble()
    manager()
