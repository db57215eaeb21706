"""What Spark starts its Python workers from in tests: they read as always, but for texts that make trouble."""

import fakes

if __name__ == "__main__":
    from pyspark.daemon import manager

    fakes.make_trouble()
    manager()
