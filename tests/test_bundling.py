"""Our part of Vite's settings finds its place in what Reflex writes, and says so where it does not."""

import pytest
from reflex.utils.frontend_skeleton import _compile_vite_config
from reflex_base.config import get_config

from todo_app.bundling import _with_ours


def test_the_groups_stand_before_reflex_s_own() -> None:
    settings = _with_ours(_compile_vite_config(get_config()))
    assert settings.index('name: "runtime"') < settings.index('name: "shared"') < settings.index('name: "reflex-env"')


def test_our_plugins_are_among_the_plugins() -> None:
    settings = _with_ours(_compile_vite_config(get_config()))
    for name in ("websockets-alone", "css-as-written", "same-origin"):
        assert settings.index("plugins: [") < settings.index(f'name: "{name}"') < settings.rindex("build: {")


def test_another_template_is_refused() -> None:
    with pytest.raises(ValueError, match="bundling"):
        _with_ours("export default {}")
