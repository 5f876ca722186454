"""What the benchmarks of the drift rule measured, as they printed it; docs/statistics.md quotes it."""

# ruff: noqa: E501

from __future__ import annotations

from typing import Final

FALSE_COLOURS: Final = """\
No drift: 50 variables, 90 batches, 1,000 models. False colours a batch; models that ever have one.

| rows a batch | PSI above .10 | p-value alone | this rule |
|---|---|---|---|
| 50 | 38.5; 100 % | .0083; 51.2 % | .0002; 0.60 % |
| 200 | .87; 100 % | .013; 68.6 % | .00013; 0.40 % |
| 1,000 | 0; 0 % | .011; 60.6 % | 0; 0 % |
| 10,000 | 0; 0 % | .011; 62.6 % | 0; 0 % |
| 10,000, harmless wobble of .1 sd | .069; 99.80 % | 33.7; 100 % | .0004; 1.2 % |

A move of the mean after a calm month: variables that have turned amber, and red, by day 1, 3 and 7; 2,500 variables.

| rows a batch | move (sd) | PSI | amber | red |
|---|---|---|---|---|
| 50 | 0.1 | 0.010 | 0 % / 0.04 % / 0.04 % | 0 % / 0 % / 0 % |
| 50 | 0.25 | 0.060 | 0 % / 0 % / 0.68 % | 0 % / 0 % / 0.08 % |
| 50 | 0.5 | 0.238 | 0 % / 2.7 % / 81.6 % | 0 % / 2.5 % / 64.5 % |
| 50 | 0.55 | 0.287 | 0 % / 6.0 % / 94.3 % | 0 % / 5.8 % / 86.4 % |
| 200 | 0.1 | 0.010 | 0 % / 0 % / 0 % | 0 % / 0 % / 0 % |
| 200 | 0.25 | 0.060 | 0.08 % / 5.9 % / 17.1 % | 0.04 % / 0.04 % / 0.28 % |
| 200 | 0.5 | 0.238 | 37.2 % / 99.96 % / 100 % | 37.0 % / 75.7 % / 96.1 % |
| 200 | 0.55 | 0.287 | 62.4 % / 100 % / 100 % | 62.3 % / 95.6 % / 99.88 % |
| 1,000 | 0.1 | 0.010 | 0 % / 0 % / 0 % | 0 % / 0 % / 0 % |
| 1,000 | 0.25 | 0.060 | 0 % / 0 % / 0.12 % | 0 % / 0 % / 0 % |
| 1,000 | 0.5 | 0.238 | 33.4 % / 100 % / 100 % | 33.4 % / 68.2 % / 91.2 % |
| 1,000 | 0.55 | 0.287 | 84.5 % / 100 % / 100 % | 84.5 % / 99.44 % / 100 % |
| 10,000 | 0.1 | 0.010 | 0 % / 0 % / 0 % | 0 % / 0 % / 0 % |
| 10,000 | 0.25 | 0.060 | 0 % / 0 % / 0 % | 0 % / 0 % / 0 % |
| 10,000 | 0.5 | 0.238 | 13.0 % / 100 % / 100 % | 13.0 % / 32.2 % / 54.2 % |
| 10,000 | 0.55 | 0.287 | 99.80 % / 100 % / 100 % | 99.80 % / 100 % / 100 % |
"""
"""Printed by ``python -m benchmarks.false_colours --models 1000``."""

REAL_DAYS: Final = """\
11 variables, 275 days after training. A day by itself can be coloured; what is shown has waited for a second one.

| judged | variable-days coloured by themselves | shown | grey | variables with a colour shown |
|---|---|---|---|---|
| each day alone, without the floor | 1,595 | 1,644 | 5 | dow 275, humid 274, precip 273, temp 274, visib 274, wind_speed 274 |
| with thresholds lifted to the floor | 13 | 3 | 5 | precip 3 |
| this rule: lifted, and grey above a floor of .25 | 4 | 0 | 1,650 | none |
| this rule, in windows of 7 days | 0 | 0 | 1,375 | none |
| this rule, against the same weekday | 1 | 0 | 1,650 | none |
"""
"""Printed by ``python -m benchmarks.flights_by_day``."""
