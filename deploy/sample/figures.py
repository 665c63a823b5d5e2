"""The drawings of the sample library, by the name that a source calls them with.

The module is long because it is a list: every function is one drawing and leans on no other.
"""

import math

from deploy.sample.canvas import (
    BLUE,
    GREEN,
    GREY,
    PALE_BLUE,
    PALE_GREEN,
    PALE_RED,
    PALE_YELLOW,
    RED,
    Axes,
    Figure,
)

__all__ = ["FIGURES", "Figure"]


def parabola_up() -> Figure:
    """y = x² − 4x + 3: vertex (2; −1), axis x = 2, crosses at 1 and 3, and (0; 3)."""
    figure = Figure(215)
    axes = Axes(figure, (175, 165), (34, 34))
    axes.draw((-1.6, 5.6), (-1.4, 4.6))
    figure.line(axes.at(2, -1.4), axes.at(2, 4.5), colour=RED, width=0.9, dashed=True)
    axes.plot(lambda x: x * x - 4 * x + 3, (-0.3, 4.3))
    for x, y in ((1, 0), (3, 0), (0, 3), (4, 3), (2, -1)):
        axes.mark(x, y, to_axes=False)
    for x, y, text, align in (
        (0.8, -0.42, "1", "right"),
        (3.2, -0.42, "3", "left"),
        (-0.15, 2.9, "3", "right"),
        (2.45, -1.25, "I(2; −1)", "left"),
        (2.1, 4.2, "x = 2", "left"),
        (4.25, 2.7, "y = x² − 4x + 3", "left"),
    ):
        figure.label(*axes.at(x, y), text, align=align)
    return figure


def parabola_down() -> Figure:
    """y = −x² + 2x + 3: vertex (1; 4), crosses at −1 and 3, and (0; 3)."""
    figure = Figure(215)
    axes = Axes(figure, (195, 180), (36, 36))
    axes.draw((-2.4, 4.8), (-0.8, 4.9))
    figure.line(axes.at(1, -0.6), axes.at(1, 4.7), colour=RED, width=0.9, dashed=True)
    axes.plot(lambda x: -x * x + 2 * x + 3, (-1.2, 3.2))
    for x, y in ((-1, 0), (3, 0), (0, 3), (1, 4)):
        axes.mark(x, y, to_axes=False)
    for x, y, text, align in (
        (-1.12, 0.15, "−1", "right"),
        (3.15, 0.15, "3", "left"),
        (-0.15, 3.0, "3", "right"),
        (1.2, 4.1, "I(1; 4)", "left"),
        (2.7, 2.0, "y = −x² + 2x + 3", "left"),
    ):
        figure.label(*axes.at(x, y), text, align=align)
    return figure


def gate() -> Figure:
    """A welcome gate 8 m wide and 6.4 m high: y = −0.4x² + 3.2x."""
    figure = Figure(190)
    axes = Axes(figure, (110, 160), (30, 20))
    axes.draw((-0.8, 9.4), (-0.6, 7.6))
    axes.plot(lambda x: -0.4 * x * x + 3.2 * x, (0, 8))
    axes.mark(4, 6.4)
    axes.mark(1.5, 3.9)
    figure.label(*axes.at(8, -0.75), "8")
    figure.label(*axes.at(4, -0.75), "4")
    figure.label(*axes.at(1.5, -0.75), "1,5")
    figure.label(*axes.at(-0.15, 6.2), "6,4", align="right")
    figure.label(*axes.at(-0.15, 3.7), "3,9", align="right")
    figure.label(*axes.at(4.2, 6.7), "Đỉnh cổng", align="left")
    return figure


def position_time() -> Figure:
    """d = 2t (m, s): uniform motion, and a rest from 4 s to 6 s."""
    figure = Figure(190)
    axes = Axes(figure, (110, 160), (32, 15))
    axes.draw((-0.5, 9), (-0.8, 10), names=("t (s)", "d (m)"))
    figure.line(axes.at(0, 0), axes.at(4, 8), axes.at(6, 8), axes.at(8, 4), width=1.8)
    for t, d in ((4, 8), (6, 8), (8, 4)):
        axes.mark(t, d)
        figure.label(*axes.at(t, -0.95), str(t))
    figure.label(*axes.at(-0.15, 7.7), "8", align="right")
    figure.label(*axes.at(-0.15, 3.7), "4", align="right")
    for t, d, text in ((1.5, 4.2, "A"), (5, 8.6, "B"), (7.5, 6.2, "C")):
        figure.label(*axes.at(t, d), f"<b>{text}</b>")
    return figure


def velocity_time() -> Figure:
    """v = 2 + 1.5t: the shaded trapezoid is the displacement in 4 s (20 m)."""
    figure = Figure(190)
    axes = Axes(figure, (120, 160), (46, 15))
    figure.shape([axes.at(0, 0), axes.at(0, 2), axes.at(4, 8), axes.at(4, 0)], colour=PALE_BLUE, fill=PALE_BLUE)
    axes.draw((-0.4, 6), (-0.8, 10), names=("t (s)", "v (m/s)"))
    axes.plot(lambda t: 2 + 1.5 * t, (0, 4.9))
    axes.mark(4, 8)
    figure.label(*axes.at(4, -0.95), "4")
    figure.label(*axes.at(-0.1, 7.7), "8", align="right")
    figure.label(*axes.at(-0.1, 1.7), "2", align="right")
    figure.label(*axes.at(2.4, 2.2), "độ dịch chuyển d")
    return figure


def ionic_bond() -> Figure:
    """Na gives one electron to Cl; shells with all their electrons."""
    figure = Figure(165)
    for x, shells, name, charge in ((85, (2, 8, 1), "Na", "11+"), (335, (2, 8, 7), "Cl", "17+")):
        _atom(figure, x, 80, shells, charge)
        figure.label(x, 160, f"Nguyên tử {name} ({', '.join(map(str, shells))})")
    figure.arrow((148, 62), (190, 48), (262, 52), colour=RED)
    figure.label(206, 40, "nhường 1 electron")
    figure.label(206, 84, "Na → Na<sup>+</sup> + 1e")
    figure.label(206, 104, "Cl + 1e → Cl<sup>−</sup>")
    return figure


def _atom(figure: Figure, x: float, y: float, shells: tuple[int, ...], charge: str) -> None:
    figure.oval(x, y, 13, 13, colour=RED, fill=PALE_RED)
    figure.label(x, y + 2, charge, size=9)
    for ring, electrons in enumerate(shells):
        radius = 27 + 18 * ring
        figure.oval(x, y, radius, radius, colour=GREY)
        for number in range(electrons):
            angle = math.tau * number / electrons - 0.35
            figure.dot(x + radius * math.cos(angle), y + radius * math.sin(angle), radius=2.8, colour=BLUE)


def water_molecule() -> Figure:
    """H–O–H, bent, with the two lone pairs of oxygen."""
    figure = Figure(130)
    oxygen, left, right = (235, 50), (165, 100), (305, 100)
    figure.line(left, oxygen, width=2)
    figure.line(oxygen, right, width=2)
    figure.oval(*oxygen, 22, 22, colour=RED, fill=PALE_RED)
    figure.oval(*left, 16, 16, fill=PALE_BLUE)
    figure.oval(*right, 16, 16, fill=PALE_BLUE)
    for x, y in ((218, 22), (226, 17), (244, 17), (252, 22)):
        figure.dot(x, y, radius=2.2, colour=BLUE)
    for (x, y), text in ((oxygen, "O"), (left, "H"), (right, "H")):
        figure.label(x, y + 3, f"<b>{text}</b>", size=12)
    figure.label(235, 100, "góc ≈ 104,5°")
    figure.label(336, 28, "hai cặp electron riêng", align="left")
    figure.line((330, 24), (258, 20), colour=GREY, width=0.8)
    return figure


def cells() -> Figure:
    """An animal and a plant cell with the parts that grade 6 names."""
    figure = Figure(205)
    figure.oval(100, 100, 78, 66, colour=RED, fill=PALE_RED)
    figure.oval(105, 98, 24, 22, fill=PALE_BLUE)
    figure.shape([(282, 35), (422, 35), (422, 165), (282, 165)], colour=GREEN, fill=PALE_GREEN)
    figure.shape([(288, 41), (416, 41), (416, 159), (288, 159)], colour=GREEN, fill=(0.95, 0.98, 0.93))
    figure.shape([(322, 62), (398, 62), (404, 128), (318, 134)], fill=PALE_BLUE)
    figure.oval(312, 60, 17, 15, fill=(0.8, 0.88, 0.95))
    for x, y in ((300, 105), (302, 145), (345, 147), (390, 146), (408, 100), (405, 60)):
        figure.oval(x, y, 7, 4.5, colour=GREEN, fill=(0.55, 0.78, 0.5))
    figure.label(100, 190, "<b>Tế bào động vật</b>")
    figure.label(352, 190, "<b>Tế bào thực vật</b>")
    figure.label(105, 100, "nhân", size=9.5)
    figure.label(70, 140, "tế bào chất", size=9.5)
    for target, start, text, align in (
        ((176, 88), (206, 70), "màng tế bào", "left"),
        ((288, 120), (266, 120), "màng tế bào", "right"),
        ((282, 150), (262, 150), "thành tế bào", "right"),
        ((307, 52), (270, 25), "nhân", "right"),
        ((409, 61), (428, 40), "lục lạp", "left"),
    ):
        figure.line(target, start, colour=GREY, width=0.8)
        figure.label(start[0] + (3 if align == "left" else -3), start[1] + 2, text, size=9.5, align=align)
    figure.label(360, 100, "không bào", size=9.5)
    return figure


def levels_of_body() -> Figure:
    """Cell → tissue → organ → organ system → organism."""
    return _chain(("Tế bào", "Mô", "Cơ quan", "Hệ cơ quan", "Cơ thể"), PALE_GREEN)


def information_steps() -> Figure:
    """The steps of processing information."""
    return _chain(("Thu nhận", "Lưu trữ", "Xử lí", "Truyền"), PALE_BLUE)


def growing_steps() -> Figure:
    """The steps of growing a crop."""
    return _chain(("Làm đất, bón lót", "Gieo trồng", "Chăm sóc", "Thu hoạch"), PALE_YELLOW)


def _chain(names: tuple[str, ...], fill: tuple[float, float, float]) -> Figure:
    figure = Figure(58)
    gap = 22
    width = (471 - gap * (len(names) - 1)) / len(names)
    for number, name in enumerate(names):
        x = number * (width + gap)
        figure.box(x, 12, width, 34, fill=fill)
        figure.label(x + width / 2, 32, name, size=10.5)
        if number:
            figure.arrow((x - gap + 2, 29), (x - 2, 29))
    return figure


def water_cycle() -> Figure:
    """Sea, evaporation, cloud, rain on a mountain, stream back to the sea."""
    figure = Figure(205)
    figure.shape([(0, 170), (190, 170), (190, 200), (0, 200)], fill=PALE_BLUE)
    figure.shape(
        [(190, 200), (190, 168), (300, 110), (350, 62), (400, 112), (471, 150), (471, 200)],
        colour=GREEN,
        fill=PALE_GREEN,
    )
    cloud = (0.87, 0.9, 0.93)
    for x, y, across in ((150, 42, 34), (185, 34, 38), (222, 42, 32), (330, 30, 30), (362, 24, 34), (395, 32, 28)):
        figure.oval(x, y, across, 17, colour=cloud, fill=cloud)
    for x in (60, 90, 120):
        figure.arrow((x, 162), (x + 22, 78), colour=RED, dashed=True)
    for x in (330, 350, 370, 390):
        figure.line((x, 54), (x - 6, 74), colour=BLUE)
    figure.arrow((264, 38), (296, 34), colour=GREY)
    figure.arrow((330, 104), (280, 148), (188, 176), colour=BLUE, width=2)
    for x, y, text, align in (
        (95, 190, "sông, hồ, biển", "center"),
        (62, 118, "bay hơi", "right"),
        (186, 40, "ngưng tụ thành mây", "center"),
        (362, 29, "mây", "center"),
        (405, 70, "mưa", "left"),
        (262, 172, "nước chảy về", "left"),
    ):
        figure.label(x, y, text, align=align)
    return figure


def place_value() -> Figure:
    """36 + 27 with bundles of ten and single sticks."""
    figure = Figure(125)
    for row, (tens, ones, name) in enumerate(((3, 6, "36"), (2, 7, "27"))):
        y = 10 + row * 56
        figure.label(58, y + 26, f"<b>{name}</b>", size=14)
        for bundle in range(tens):
            figure.box(100 + bundle * 40, y, 30, 42, fill=PALE_YELLOW)
            for stick in range(9):
                x = 103 + bundle * 40 + stick * 3
                figure.line((x, y + 2), (x, y + 40), colour=GREY, width=0.6)
        for one in range(ones):
            figure.line((250 + one * 16, y), (250 + one * 16, y + 42), colour=RED, width=3)
    figure.label(155, 122, "chục")
    figure.label(298, 122, "đơn vị")
    return figure


def tangent_circle() -> Figure:
    """Circle (O), tangents MA and MB from M outside."""
    figure = Figure(170)
    figure.oval(150, 85, 66, 66)
    distance, radius = 190.0, 66.0
    m = (150 + distance, 85.0)
    turn = math.acos(radius / distance)
    a = (150 + radius * math.cos(turn), 85 - radius * math.sin(turn))
    b = (a[0], 170 - a[1])
    figure.line(m, a)
    figure.line(m, b)
    figure.line((150, 85), a, colour=GREY)
    figure.line((150, 85), b, colour=GREY)
    figure.line((150, 85), m, colour=GREY, dashed=True)
    figure.line(a, b, colour=RED)
    h = (a[0], 85.0)
    for (x, y), text, dx, dy in (
        ((150, 85), "O", -10, 4),
        (m, "M", 11, 4),
        (a, "A", 4, -5),
        (b, "B", 4, 14),
        (h, "H", 9, -4),
    ):
        figure.dot(x, y)
        figure.label(x + dx, y + dy, text)
    return figure


def network() -> Figure:
    """A computer network at school: computers, a switch, a router, the internet."""
    figure = Figure(140)
    figure.box(190, 60, 90, 30, fill=PALE_YELLOW)
    figure.label(235, 78, "bộ chuyển mạch")
    figure.box(330, 60, 70, 30, fill=PALE_GREEN)
    figure.label(365, 78, "bộ định tuyến", size=9.5)
    figure.oval(440, 75, 29, 20, colour=GREY, fill=PALE_BLUE)
    figure.label(440, 78, "Internet", size=9.5)
    figure.line((280, 75), (330, 75))
    figure.line((400, 75), (411, 75))
    for number, text in enumerate(("máy tính 1", "máy tính 2", "máy in")):
        y = 8 + number * 46
        figure.box(30, y, 84, 28)
        figure.label(72, y + 17, text)
        figure.line((114, y + 14), (190, 75))
    return figure


def overflow_can() -> Figure:
    """A stone in an overflow can: the water that runs out has the stone's volume."""
    figure = Figure(150)
    figure.shape([(150, 45), (260, 45), (260, 135), (150, 135)], colour=PALE_BLUE, fill=PALE_BLUE)
    figure.line((150, 25), (150, 135), (260, 135), (260, 52), (295, 66), width=1.6)
    figure.line((260, 25), (260, 42), (298, 57), width=1.6)
    figure.oval(205, 112, 24, 17, colour=GREY, fill=(0.8, 0.8, 0.8))
    figure.shape([(290, 105), (330, 105), (330, 135), (290, 135)], colour=PALE_BLUE, fill=PALE_BLUE)
    figure.line((290, 80), (290, 135), (330, 135), (330, 80), width=1.6)
    for y in (70, 80, 90):
        figure.dot(303, y, radius=2, colour=BLUE)
    figure.label(205, 115, "vật", size=9.5)
    figure.label(140, 80, "bình tràn", align="right")
    figure.label(338, 110, "nước tràn ra có", size=9.5, align="left")
    figure.label(338, 123, "thể tích của vật", size=9.5, align="left")
    return figure


FIGURES: dict[str, Figure] = {
    "parabola-up": parabola_up(),
    "parabola-down": parabola_down(),
    "gate": gate(),
    "position-time": position_time(),
    "velocity-time": velocity_time(),
    "ionic-bond": ionic_bond(),
    "water-molecule": water_molecule(),
    "cells": cells(),
    "levels-of-body": levels_of_body(),
    "information-steps": information_steps(),
    "growing-steps": growing_steps(),
    "water-cycle": water_cycle(),
    "place-value": place_value(),
    "tangent-circle": tangent_circle(),
    "network": network(),
    "overflow-can": overflow_can(),
}
