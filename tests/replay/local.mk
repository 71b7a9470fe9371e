# replay tests: check programs like those of tests/unit
