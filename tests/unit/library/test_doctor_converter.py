"""What the doctor says of LibreOffice: which confinement holds for it on this machine."""

import pytest

from service.library.doctor import Verdict, converter
from service.messages import LANGUAGES, sentence


@pytest.mark.parametrize(
    ("temporary", "files", "code", "verdict"),
    [
        (True, True, "doctor-converter", "well"),
        (True, "no Landlock", "doctor-converter", "well"),
        ("EPERM", True, "doctor-converter-shares-tmp", "warning"),
        ("EPERM", "no Landlock", "doctor-converter-open", "warning"),
    ],
)
def test_the_doctor_says_what_keeps_libreoffice_in(
    temporary: bool | str, files: bool | str, code: str, verdict: Verdict
) -> None:
    check = converter({"temporary": temporary, "files": files})
    assert (check.code, check.verdict) == (code, verdict)
    for language in LANGUAGES:
        said = sentence(check.code, language, check.parameters)
        assert "LibreOffice" in said
        assert ("EPERM" in said) == (verdict == "warning")
