"""What of plotly's language is drawn, what is of the screen alone, and the error for anything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from qod.errors import UnknownNameError


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AXIS: Final = _names(
    "type range domain anchor side tickmode tickvals ticktext ticks ticklen nticks showgrid gridcolor gridwidth "
    "zeroline zerolinecolor zerolinewidth tickformatstops ticklabelmode showticklabels tickfont tickcolor title "
    "visible showline linecolor linewidth"
)
_AXIS_SCREEN: Final = _names("fixedrange automargin hoverformat matches")

_POINTS: Final = _names("type x y xaxis yaxis text opacity textfont textposition error_y error_x cliponaxis marker")
_TRACES: Final[Mapping[str, frozenset[str]]] = {
    "scatter": _POINTS | _names("mode line connectgaps fill fillcolor"),
    "bar": _POINTS | _names("orientation width base"),
    "heatmap": _names("type x y xaxis yaxis z zmin zmax colorscale showscale zsmooth xgap ygap text"),
}
"""The words of a heat map's cells stand under the pointer alone; a template that shows them is not known here."""
_TRACE_SCREEN: Final = _names("customdata hovertemplate hoverinfo hoverongaps hovertext hoverlabel name showlegend ids")
_WITHIN: Final[Mapping[str, frozenset[str]]] = {
    "line": _names("color width dash shape"),
    "marker": _names("color size symbol opacity line pattern"),
    "error_y": _names("type symmetric array arrayminus color thickness width visible"),
    "error_x": _names("type symmetric array arrayminus color thickness width visible"),
    "textfont": _names("color size"),
}
_OFF: Final = ("showscale", "zsmooth")
"""What is known, but drawn only as it is when switched off."""

_SHAPE: Final = _names("type xref yref x0 x1 y0 y1 line fillcolor layer opacity")
_ANNOTATION: Final = _names("text x y xref yref xanchor yanchor xshift yshift showarrow font align textangle")
_ANNOTATION_SCREEN: Final = _names("hovertext hoverlabel captureevents name")
_LAYOUT: Final = _names(
    "height width margin paper_bgcolor plot_bgcolor font separators showlegend barmode bargap shapes annotations"
)
_LAYOUT_SCREEN: Final = _names("dragmode hovermode modebar hoverlabel hoverdistance spikedistance uirevision autosize")
_NAMES: Final = _names("name")


def check_trace(trace: Mapping[str, Any]) -> None:
    """UnknownNameError where a trace is of a type that is not drawn, or says something that is not."""
    kind = str(trace.get("type", "scatter"))
    if kind not in _TRACES:
        raise UnknownNameError("type of trace in a drawn figure", kind, _TRACES)
    _check(f"property of a drawn {kind}", trace, _TRACES[kind] | _TRACE_SCREEN)
    for key, known in _WITHIN.items():
        _check(f"property of {key} in a drawn {kind}", trace.get(key) or (), known)
    for key in _OFF:
        if trace.get(key):
            raise UnknownNameError(f"value of {key} in a drawn {kind}", str(trace[key]), ("False",))


def check_axis(axis: Mapping[str, Any]) -> None:
    """UnknownNameError where an axis says something that is not drawn."""
    _check("property of an axis in a drawn figure", axis, _AXIS | _AXIS_SCREEN)


def check_layout(layout: Mapping[str, Any]) -> None:
    """UnknownNameError where the layout, a shape or an annotation says something that is not drawn."""
    own = [key for key in layout if key.rstrip("0123456789") not in ("xaxis", "yaxis")]
    _check("property of the layout of a drawn figure", own, _LAYOUT | _LAYOUT_SCREEN)
    if layout.get("showlegend", True):
        raise UnknownNameError("property of the layout of a drawn figure", "showlegend", ())
    for shape in layout.get("shapes") or ():
        _check("property of a shape in a drawn figure", shape, _SHAPE | _NAMES)
    for annotation in layout.get("annotations") or ():
        _check("property of an annotation in a drawn figure", annotation, _ANNOTATION | _ANNOTATION_SCREEN)
        if annotation.get("showarrow", True):
            raise UnknownNameError("property of an annotation in a drawn figure", "showarrow", ())


def one_of(kind: str, value: object, known: Iterable[str]) -> str:
    """The value itself; UnknownNameError where it is none of the ``known`` ones."""
    names = list(known)
    if value not in names:
        raise UnknownNameError(f"{kind} in a drawn figure", str(value), names)
    return str(value)


def _check(kind: str, said: Iterable[str], known: frozenset[str]) -> None:
    for key in said:
        if key not in known:
            raise UnknownNameError(kind, key, known)
