# `make book` and `make test` do everything, set-up included.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
JOBS ?= logical
TORCH := $(VENV)/torch
TORCH_CHAPTER := chapters/D_the_same_in_pytorch.ipynb
ONE_THREAD := TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.PHONY: help book test test-all notebooks notebooks-torch test-torch reproduce reproduce-quick weights repeat bench gpu picture slides data colab test-colab dist pdf lock clean

help:
	@echo "make book        build the book from the stored notebooks"
	@echo "make test        unit tests, and every notebook executed and compared"
	@echo "make test-all    those, the long ones, and the copies for Colab"
	@echo "make notebooks   execute all notebooks but the one in PyTorch, and store their outputs"
	@echo "make notebooks-torch   execute that one, with PyTorch installed beside the rest"
	@echo "make test-torch  execute and compare it, and test the library with PyTorch"
	@echo "make reproduce   train what has no record in results/ yet (hours; stop and go on);"
	@echo "                 with RAY=HOST:PORT on a cluster of Ray, with RAY=local by Ray here"
	@echo "make reproduce-quick   repeat a few short records and compare (minutes)"
	@echo "make repeat RECORD=r…  repeat one record and compare"
	@echo "make weights     train the networks whose weights ship, and write their records"
	@echo "make bench       time the convolution matrix against others, in results/"
	@echo "make gpu         train two networks on the graphics card, and write what it takes, in results/"
	@echo "make picture     draw the pictures in _static/, for README and site"
	@echo "make pdf         the book as one PDF, by Chromium, in _build/convolutional-autoencoders.pdf"
	@echo "make slides      slides of each chapter, a file that shows alone, in _build/slides"
	@echo "make data        fetch Fashion-MNIST where no copy is found"
	@echo "make colab       copies of the notebooks that run alone, in _build/colab"
	@echo "make test-colab  run those copies in an environment like Colab's"
	@echo "make dist        build the wheel and the source archive in _build/dist, and try them"
	@echo "make lock        renew requirements.lock from requirements.txt"
	@echo "make clean       remove the environment, caches and everything built"

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c "import sys; ok = (3, 11) <= sys.version_info < (3, 14); sys.exit(None if ok else f'Python {sys.version.split()[0]} found, 3.11 to 3.13 needed: make PYTHON=python3.12')"
	@echo "Filling $(VENV) with about 4 GB of packages, which takes minutes, without a word"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@touch $@

book: $(INSTALLED)
	TF_CPP_MIN_LOG_LEVEL=3 $(BIN)/jupyter-book build --quiet -W --keep-going -n .
	@echo "The book is built. Its first page is $(CURDIR)/_build/html/intro.html"

# As many tests at once as there are cores, each with one thread; what times something
# runs alone, after the others.
test: $(INSTALLED) data
	$(ONE_THREAD) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not alone and not slow" --ignore=$(TORCH_CHAPTER)
	$(BIN)/python -m pytest tests -m "alone and not slow"

test-all: test
	$(BIN)/python -m pytest tests -m slow
	$(MAKE) test-colab

notebooks: $(INSTALLED) data
	$(BIN)/python -m tools.notebooks

$(TORCH): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock --editable '.[torch]'
	@touch $@

notebooks-torch: $(TORCH) data
	$(BIN)/python -m tools.pytorch_runs
	$(BIN)/python -m tools.notebooks $(TORCH_CHAPTER)

test-torch: $(TORCH) data
	$(ONE_THREAD) $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TORCH_CHAPTER) \
		tests/library/backends tests/library/convolution/test_torch.py tests/library/widgets/test_code.py \
		tests/library/models/test_jacobians.py tests/records/test_pytorch.py

reproduce: $(INSTALLED) data
	$(BIN)/python -m tools.reproduce $(if $(RAY),--ray $(RAY))

reproduce-quick: $(INSTALLED) data
	$(BIN)/python -m tools.reproduce --quick

weights: $(INSTALLED) data
	$(BIN)/python -m tools.reproduce weights
	$(BIN)/python -m tools.components

repeat: $(INSTALLED) data
	@test -n "$(RECORD)" || { echo "say which: make repeat RECORD=id; each line of results/*.jsonl begins with one"; exit 2; }
	$(BIN)/python -m tools.reproduce --repeat $(RECORD)

bench: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock --editable '.[bench]'
	$(BIN)/python -m tools.bench

gpu: $(INSTALLED) data
	$(BIN)/python -m tools.gpu $(if $(PEAK),--peak $(PEAK))

picture: $(INSTALLED) data
	$(BIN)/python -m tools.drawings

pdf: book
	$(BIN)/python -m tools.pdf

slides: $(INSTALLED)
	$(BIN)/python -m tools.slides

data: $(INSTALLED)
	$(BIN)/python -m convae_lib.data

colab: $(INSTALLED)
	$(BIN)/python -m tools.colab

test-colab: colab
	$(PYTHON) -m venv --clear _build/colab-env
	grep -v '^-e' requirements.lock > _build/constraints.txt
	_build/colab-env/bin/python -m pip install --quiet --disable-pip-version-check -c _build/constraints.txt \
		tensorflow jax numpy scipy scikit-image scikit-learn pandas jinja2 matplotlib platformdirs requests ipykernel
	$(BIN)/python -m tools.colab --run _build/colab-env/bin/python

dist: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'build>=1.2,<2' uv
	$(BIN)/python -m tools.dist

lock: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
		--no-header --no-annotate --no-emit-index-url requirements.txt -o requirements.lock

clean:
	rm -rf $(VENV) _build build *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
