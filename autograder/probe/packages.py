"""What a hand-in may import beyond torch: the packages that Colab has and honest code uses.
Declared here alone.

`INSTALLED` is installed wherever hand-ins are graded (the extra `run` in pyproject.toml).
`STAND_INS` exist on Colab only: a harmless module answers, whose functions do nothing. Anything
else that is missing can be `offer`ed a stand-in that raises where it is used. Runs in the student's
process, from source; needs the standard library alone.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import types

# import name → distribution
INSTALLED = {
    "cv2": "opencv-python-headless",
    "einops": "einops",
    "pandas": "pandas",
    "seaborn": "seaborn",
    "sklearn": "scikit-learn",
    "torchinfo": "torchinfo",
    "tqdm": "tqdm",
}
STAND_INS = ("google.colab", "torch_xla", "pydrive", "pydrive2", "oauth2client")
_DRIVE = "drive/MyDrive"  # below the notebook's folder, as Colab mounts it below /content
_offered: set[str] = set()


class _Nothing:
    """Does nothing, whatever is asked of it, what stands in `_COLAB` apart. `path`: its full
    name.
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, *args: object, **kwargs: object) -> None:
        """Nothing happens."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._path}.{name}"
        return _COLAB.get(path) or _Nothing(path)


class _Missing:
    """Part of a package that is not there: raises where it is used."""

    def __init__(self, package: str) -> None:
        self.__dict__["_package"] = package

    def _raise(self, *args: object, **kwargs: object) -> None:
        package = self.__dict__["_package"]
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)

    __call__ = __enter__ = __iter__ = __len__ = __mro_entries__ = __bool__ = _raise

    def __getitem__(self, key: object) -> "_Missing":
        """An annotation uses nothing: `Float[Tensor, "n c"]`, `Float[Tensor, "n c"] | None`."""
        return self

    __or__ = __ror__ = __getitem__

    def __getattr__(self, name: str) -> "_Missing":
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing(self.__dict__["_package"])


class _Module(types.ModuleType):
    """A stand-in module: its names do nothing, or raise if the package was offered."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        top = self.__name__.partition(".")[0]
        return _Missing(top) if top in _offered else getattr(_Nothing(self.__name__), name)


def _mount(path: str = "/content/drive", *args: object, **kwargs: object) -> None:
    """`google.colab.drive.mount`: an empty drive, where the folder can be made."""
    for place in (os.path.join(path, "MyDrive"), _DRIVE):
        try:
            os.makedirs(place, exist_ok=True)
        except OSError:
            continue
        return


def _upload(*args: object, **kwargs: object) -> dict[str, bytes]:
    """`google.colab.files.upload`: nobody chose a file."""
    return {}


_COLAB = {"google.colab.drive.mount": _mount, "google.colab.files.upload": _upload}


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last: what is installed is found before."""

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        known = any(name == stand_in or name.startswith(stand_in + ".") for stand_in in STAND_INS)
        above = any(stand_in.startswith(name + ".") for stand_in in STAND_INS)
        if known or above or name.partition(".")[0] in _offered:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """A stand-in has no code."""


def offer(package: str) -> None:
    """From now on `import package` succeeds, and what uses it raises."""
    _offered.add(package)


sys.meta_path.append(_Finder())
