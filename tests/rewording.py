"""Says everything otherwise: rewords each sentence of the product inside this process.

What decides anything has to be a code, so nothing but texts may change by it.
"""

import importlib
import pkgutil
import re
import types
from dataclasses import fields, is_dataclass
from enum import Enum

from coachbot.providers.causes import Causes

PACKAGES = ("leads", "workspaces", "coachbot.providers")
APART = re.compile(r"\.(migrations|management|admin)\b")
# A capital, and at least three words; not SQL.
SENTENCE = re.compile(r"(?!(?:SELECT|UPDATE|INSERT|DELETE|WITH|AND) )[A-Z]\S* \S+ \S.*", re.DOTALL)


def reword_everything() -> int:
    """Reword the constants of all modules, functions and classes. Return how many modules."""
    modules = [module for package in PACKAGES for module in modules_of(package)]
    for module in modules:
        for name, value in list(vars(module).items()):
            if not name.startswith("__"):
                setattr(module, name, reworded(value, module.__name__))
    return len(modules)


def modules_of(package: str):
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not APART.search(found.name):
            yield importlib.import_module(found.name)


def reworded(value, owner: str):
    """Return a value with its sentences reworded. owner: the module that it is to belong to."""
    match value:
        case Enum() | types.ModuleType():
            return value
        case str():
            return said_otherwise(value)
        case dict():
            return {key: reworded(inner, owner) for key, inner in value.items()}
        case tuple() if type(value) is tuple:
            return tuple(reworded(inner, owner) for inner in value)
        case type() | types.FunctionType():
            if value.__module__ == owner:
                reword_code_of(value, owner)
        case Causes():
            for row in vars(value)["_rows"].values():
                reword_fields(row, owner)
        case _ if is_dataclass(value):
            reword_fields(value, owner)
    return value


def reword_code_of(value: type | types.FunctionType, owner: str) -> None:
    if isinstance(value, type):
        reword_class(value, owner)
    else:
        value.__code__ = reworded_code(value.__code__)


def reword_fields(row, owner: str) -> None:
    for field in fields(row):
        object.__setattr__(row, field.name, reworded(getattr(row, field.name), owner))


def reword_class(found: type, owner: str) -> None:
    for value in vars(found).values():
        function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if isinstance(function, types.FunctionType):
            reworded(function, owner)
    if issubclass(found, Enum):
        for member in found:
            if hasattr(member, "_label_"):
                member._label_ = f"Or: {member._label_}"


def reworded_code(code: types.CodeType) -> types.CodeType:
    constants = tuple(
        reworded_code(constant)
        if isinstance(constant, types.CodeType)
        else said_otherwise(constant)
        if isinstance(constant, str)
        else constant
        for constant in code.co_consts
    )
    return code.replace(co_consts=constants)


def said_otherwise(text: str) -> str:
    """Return a sentence reworded, anything else as it is; the same text always alike."""
    if not SENTENCE.fullmatch(text) or text.startswith("In other words"):
        return text
    return f"In other words: {text} That is all."
