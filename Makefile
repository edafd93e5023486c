PYTHON ?= python3

help:  ## print these lines
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

report:  ## make the reports of the sample survey (set-up included)
	$(PYTHON) .ci/tasks.py report

test:  ## run all tests and checks (set-up included)
	$(PYTHON) .ci/tasks.py test

coverage:  ## run the tests and see which lines and branches they reach (95 % at least)
	$(PYTHON) .ci/tasks.py coverage

clean:  ## remove what the other targets made
	rm -rf .venv build *.egg-info sample-report

.DEFAULT_GOAL := help
.PHONY: help report test coverage clean
