"""Sample packages, made here from text."""

import base64
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

_LOM = """<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
<title><string language="vi">Vòng tuần hoàn của nước</string></title>
<language>vi</language>
<description><string language="vi">Bài giảng điện tử Khoa học lớp 4 về sự bay hơi và ngưng tụ.</string></description>
<keyword><string language="vi">bay hơi</string></keyword><keyword><string language="vi">ngưng tụ</string></keyword>
</general><lifeCycle><contribute><role><source>LOMv1.0</source><value>author</value></role>
<entity>BEGIN:VCARD\nVERSION:2.1\nFN:Nguyễn Thị Hoa\nEND:VCARD</entity>
<date><dateTime>2023-09-05</dateTime></date></contribute>
<contribute><role><source>LOMv1.0</source><value>publisher</value></role><entity>Trường Tiểu học Kim Đồng</entity>
</contribute></lifeCycle><educational><context><value>school</value></context>
<typicalAgeRange><string>9-10</string></typicalAgeRange></educational>
<rights><description><string language="vi">CC BY 4.0</string></description></rights></lom>"""

_PAGE = "<!DOCTYPE html><html lang='vi'><head><title>{title}</title></head><body>{body}</body></html>"


def _page(body: str, title: str = "Trang") -> str:
    return _PAGE.format(title=title, body=body)


def scorm12() -> Mapping[str, str]:
    """One SCO of several pages, its questions in a script; a page that the manifest does not list."""
    return {
        "imsmanifest.xml": """<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<organizations default="b"><organization identifier="a"><title>Không phải mặc định</title></organization>
<organization identifier="b"><title>Phân số bằng nhau</title>
<item identifier="bai-1" identifierref="r1"><title>Phân số bằng nhau</title></item>
<item identifier="an" identifierref="r2" isvisible="false"><title>Trang ẩn</title></item></organization></organizations>
<resources><resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="sco/index.html">
<file href="sco/index.html"/><file href="sco/v%C3%AD%20d%E1%BB%A5.html"/><file href="sco/questions.js"/>
<file href="sco/jquery.min.js"/></resource></resources></manifest>""",
        "sco/index.html": _page("<h1>Phân số bằng nhau</h1><p>Hai phân số bằng nhau khi tích chéo bằng nhau.</p>"),
        "sco/ví dụ.html": _page("<p>Ví dụ: một phần hai bằng hai phần tư.</p><script>var a = 1;</script>"),
        "sco/questions.js": (
            "test.add(new Question('q_1', \"Phân số nào bằng một phần ba?\","
            " ['hai phần sáu', 'ba phần năm', 'một phần tư'], 'hai phần sáu', 'obj'));\n"
        ),
        "sco/jquery.min.js": "var a='This sentence of a library is for nobody to read';",
        "sco/quên.html": _page("<p>Trang này không có trong bản kê của gói.</p>"),
    }


def scorm2004() -> Mapping[str, str]:
    """A tree of two levels with LOM; slides drawn from JSON as Articulate and iSpring pack them; a PDF inside."""
    slide = {
        "title": "Sự bay hơi",
        "kind": "slide",
        "id": "5p6nKN9wc7Z",
        "textLib": [{"text": "Nước bay hơi khi nóng."}],
    }
    notes = {"s": [{"t": f"Mây là những giọt nước nhỏ, bước {number}."} for number in (1, 2, 3)], "c": "#a1b2c3"}
    packed = base64.b64encode(zlib.compress(json.dumps(notes).encode()))
    return {
        "khoa hoc/imsmanifest.xml": f"""<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"><metadata><schema>ADL SCORM</schema>{_LOM}</metadata>
<organizations><organization identifier="o"><title>Tên trong cây</title>
<item identifier="chuong-1"><title>Nước</title>
<item identifier="bai-1" identifierref="r1"><title>Sự bay hơi</title></item>
<item identifier="bai-2" identifierref="r2"><title>Sự ngưng tụ</title></item>
<item identifier="tai-lieu" identifierref="r3"><title>Phiếu học tập</title></item></item></organization></organizations>
<resources><resource identifier="r1" type="webcontent" adlcp:scormType="sco" href="b1/story.html">
<file href="b1/story.html"/><file href="b1/data/slide1.js"/><dependency identifierref="chung"/></resource>
<resource identifier="r2" type="webcontent" href="b2/index.html"/>
<resource identifier="r3" type="webcontent" href="phieu.pdf"/>
<resource identifier="chung" type="webcontent"><file href="chung/loi-chao.html"/></resource></resources></manifest>""",
        "khoa hoc/b1/story.html": _page(""),
        "khoa hoc/b1/data/slide1.js": f"window.globalProvideData('slide', '{json.dumps(slide)}');",
        "khoa hoc/b2/index.html": _page(f'<script>var presInfo = "{packed.decode()}";</script>'),
        "khoa hoc/chung/loi-chao.html": _page("<p>Chào các em học sinh lớp bốn.</p>"),
        "khoa hoc/phieu.pdf": "%PDF-1.4 không đọc ở đây",
    }


def cartridge() -> Mapping[str, str]:
    """Common Cartridge: a page, a quiz (QTI 1.2), a discussion, a link; a video that no item opens."""
    return {
        "imsmanifest.xml": """<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1">
<metadata><schema>IMS Common Cartridge</schema><lom xmlns="http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"><general>
<title><string>Photosynthesis for grade six</string></title></general></lom></metadata>
<organizations><organization identifier="o" structure="rooted-hierarchy"><item identifier="all">
<item identifier="week"><title>Week one</title>
<item identifier="page" identifierref="r1"><title>What leaves do</title></item>
<item identifier="quiz" identifierref="r2"><title>A small quiz</title></item>
<item identifier="talk" identifierref="r3"><title>Talk about it</title></item>
<item identifier="link" identifierref="r4"><title>A film to see</title></item></item></item></organization>
</organizations><resources>
<resource identifier="r1" type="webcontent" href="leaf.html"><file href="leaf.html"/></resource>
<resource identifier="r2" type="imsqti_xmlv1p2/imscc_xmlv1p1/assessment"><file href="quiz.xml"/></resource>
<resource identifier="r3" type="imsdt_xmlv1p1"><file href="talk.xml"/></resource>
<resource identifier="r4" type="imswl_xmlv1p1"><file href="link.xml"/></resource>
<resource identifier="r5" type="webcontent" href="web/The light reaction.mp4"><file href="web/The light reaction.mp4"/>
</resource></resources></manifest>""",
        "leaf.html": _page("<h2>What leaves do</h2><p>Leaves make sugar out of light, water and air.</p>"),
        "quiz.xml": """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment title="Quiz">
<section><item ident="i1"><presentation><material><mattext texttype="text/html">&lt;p&gt;What do leaves need
to make &lt;b&gt;sugar&lt;/b&gt;?&lt;/p&gt;</mattext></material><response_lid><render_choice><response_label>
<material><mattext>Light and water</mattext></material></response_label></render_choice></response_lid>
</presentation></item></section></assessment></questestinterop>""",
        "talk.xml": """<topic xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imsdt_v1p1"><title>Talk about it</title>
<text texttype="text/html">&lt;p&gt;Why are leaves green? Write what you think.&lt;/p&gt;</text></topic>""",
        "link.xml": """<webLink><title>A film to see</title><url href="https://example.org/"/></webLink>""",
        "web/The light reaction.mp4": "not read",
    }


def content_package() -> Mapping[str, str]:
    """IMS content package whose metadata stands in a file of its own; no organisation."""
    return {
        "imsmanifest.xml": """<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
 xmlns:adl="x"><metadata><adl:location>meta.xml</adl:location></metadata><organizations/>
<resources><resource identifier="trang" type="webcontent" href="trang.html"/></resources></manifest>""",
        "meta.xml": _LOM,
        "trang.html": _page("<p>Nước ngưng tụ thành mưa rơi xuống đất.</p>", "Mưa"),
    }


def exe_project() -> Mapping[str, str]:
    """eXeLearning up to 2.x: the program's object tree, each text stored three times."""
    text = "&lt;p&gt;Thủ đô của nước ta là Hà Nội.&lt;/p&gt;"
    return {
        "contentv3.xml": f"""<instance xmlns="http://www.exelearning.org/content/v0.3"
 class="exe.engine.package.Package" reference="1"><dictionary>
<string role="key" value="_title"/><unicode value="Địa lí địa phương"/>
<string role="key" value="_author"/><unicode value="Trần Văn Nam"/>
<string role="key" value="_lang"/><unicode value="vi"/>
<string role="key" value="_root"/><instance class="exe.engine.node.Node" reference="2"><dictionary>
<string role="key" value="_id"/><unicode value="0"/><string role="key" value="_title"/><unicode value="Mở đầu"/>
<string role="key" value="idevices"/><list><instance class="exe.engine.freetextidevice.FreeTextIdevice" reference="3">
<dictionary><string role="key" value="_title"/><unicode value="Free Text"/><string role="key" value="content"/>
<instance class="exe.engine.field.TextAreaField" reference="4"><dictionary>
<string role="key" value="content_w_resourcePaths"/><unicode value="{text}"/>
<string role="key" value="content_wo_resourcePaths"/><unicode value="{text}"/>
<string role="key" value="content"/><unicode value="{text}"/></dictionary></instance>
<string role="key" value="parentNode"/><reference key="2"/></dictionary></instance></list>
<string role="key" value="children"/><list><instance class="exe.engine.node.Node" reference="5"><dictionary>
<string role="key" value="_id"/><unicode value="1"/><string role="key" value="_title"/><unicode value="Sông Hồng"/>
<string role="key" value="idevices"/><list/></dictionary></instance></list></dictionary></instance>
</dictionary></instance>""",
        "content.data": "x",
        "index.html": _page(""),
    }


def exe_pages() -> Mapping[str, str]:
    """eXeLearning 4: pages with parents, HTML in CDATA, a document type that declares nothing."""
    return {
        "content.xml": """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE ode SYSTEM "content.dtd">
<ode xmlns="http://www.intef.es/xsd/ode" version="2.0"><odeProperties><odeProperty><key>pp_title</key>
<value>Hình học quanh em</value></odeProperty><odeProperty><key>pp_license</key><value>creative commons: attribution 4.0
</value></odeProperty></odeProperties><odeNavStructures><odeNavStructure><odePageId>P1</odePageId><odeParentPageId/>
<pageName>Hình vuông</pageName><odePagStructures><odePagStructure><blockName>Quan sát</blockName><odeComponents>
<odeComponent><htmlView><![CDATA[<p>Hình vuông có bốn cạnh bằng nhau.</p>]]></htmlView></odeComponent></odeComponents>
</odePagStructure></odePagStructures></odeNavStructure><odeNavStructure><odePageId>P2</odePageId>
<odeParentPageId>P1</odeParentPageId><pageName>Bài tập</pageName></odeNavStructure></odeNavStructures></ode>""",
        "content.dtd": "",
        "index.html": _page(""),
    }


def h5p() -> Mapping[str, str]:
    """Slides with a question on one of them; labels of buttons, colours and file names say nothing to people."""
    question = {
        "library": "H5P.MultiChoice 1.16",
        "subContentId": "11111111-2222-4333-8444-555555555555",
        "metadata": {"title": "Câu hỏi về lá cây", "license": "U", "contentType": "Multiple Choice"},
        "params": {
            "question": "<p>Lá cây có màu xanh nhờ chất nào?</p>",
            "answers": [
                {"text": "<div>Diệp lục</div>", "correct": True},
                {"text": "<div>Nước</div>", "correct": False},
            ],
            "UI": {"checkAnswerButton": "Kiểm tra kết quả ngay", "tryAgainButton": "Làm lại lần nữa"},
            "behaviour": {"enableRetry": True, "type": "auto"},
        },
    }
    text = {
        "library": "H5P.AdvancedText 1.1",
        "subContentId": "66666666-7777-4888-9999-000000000000",
        "metadata": {"title": "Untitled Text"},
        "params": {"text": "<p>Lá cây dùng ánh sáng để tạo chất hữu cơ.</p>"},
    }
    picture = {"path": "images/la cay xanh.jpg", "mime": "image/jpeg", "copyright": {"license": "CC BY 4.0"}}
    content = {
        "presentation": {
            "slides": [
                {"elements": [{"x": 1, "action": text}], "slideBackgroundSelector": {"fillSlideBackground": "#ff00aa"}},
                {"elements": [{"action": question}], "background": picture},
            ]
        },
        "l10n": {"slide": "Trang chiếu số mấy", "score": "Điểm số của em"},
    }
    about = {
        "title": "Quang hợp", "language": "vi", "mainLibrary": "H5P.CoursePresentation", "license": "CC BY",
        "licenseVersion": "4.0", "authors": [{"name": "Lê Thị Mai", "role": "Author"}],
    }  # fmt: skip
    return {"h5p.json": json.dumps(about), "content/content.json": "\ufeff" + json.dumps(content)}


def geogebra() -> Mapping[str, str]:
    """A construction with a text, a formula, a caption and words around its board."""
    return {
        "geogebra.xml": """<geogebra format="5.0"><construction title="Đường tròn ngoại tiếp" author="Phạm Văn Bình"
 date=""><worksheetText above="&lt;p&gt;Kéo đỉnh của tam giác.&lt;/p&gt;" below="Tâm nằm ở đâu?"/>
<expression label="text1" exp="&quot;Bán kính R = &quot; + R + &quot; cm&quot;"/><element type="text" label="text1"/>
<expression label="text2" exp="&quot;\\text{diện tích} = \\frac{abc}{4R}&quot;"/>
<element type="text" label="text2"><isLaTeX val="true"/></element>
<expression label="A" exp="(1, 2)"/><element type="point" label="A"><caption val="Đỉnh A"/></element>
</construction></geogebra>""",
        "geogebra_javascript.js": "function ggbOnInit() {}",
    }


def simulation() -> Mapping[str, str]:
    """A page whose words are drawn from a table packed as PhET packs it; the libraries' own words are left out."""
    table = (
        "\x0fvi\x0fen\x01PLATE/\x03title.\x02x\x04\x04\x09\x08vi\x0bMảng kiến tạo\x08en\x0bPlate tectonics"
        "\x01\x10\x41\x04\x01heat\x09\x08vi\x0bNhiệt độ\x08en\x0bHeat\x04\x04\x01JOIST/\x03menu\x09\x08vi\x0bTrình đơn"
    )
    script = (
        "window.phet.chipper.project = 'plate'; window.phet.chipper.locale = 'vi';"
        f"window.phet.chipper.strings = (y=>{{return y;}})('{table}');"
    )
    return {
        "mo phong/index.html": (
            "<!DOCTYPE html><html><head><title>\u202aMảng kiến tạo\u202c</title>"
            "<meta name='description' content='Kéo các mảng để thấy núi mọc lên.'>"
            f"<meta name='author' content='PhET'></head><body><script>{script}</script></body></html>"
        ),
        "mo phong/huong-dan.html": _page("<p>Cho học sinh dự đoán trước khi kéo các mảng.</p>", "Hướng dẫn"),
        "mo phong/style.css": "body{}",
    }


def documents() -> Mapping[str, str]:
    """A zip of documents that came by another door than a batch: the names are what can be found."""
    return {"Tuần 1/Kế_hoạch bài dạy Toán 6.docx": "PK", "Tuần 1/đọc thêm.txt": "chữ", "Danh mục.pdf": "%PDF-1.4"}


_MEMBERS: dict[str, Callable[[], Mapping[str, str]]] = {
    "scorm12.zip": scorm12,
    "scorm2004.zip": scorm2004,
    "cartridge.imscc": cartridge,
    "content_package.zip": content_package,
    "exe_project.elp": exe_project,
    "exe_pages.elpx": exe_pages,
    "slides.h5p": h5p,
    "circle.ggb": geogebra,
    "simulation.zip": simulation,
    "documents.zip": documents,
}


def _zipped(members: Callable[[], Mapping[str, str]]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for member, text in members().items():
                target.writestr(member, text)

    return make


SAMPLES: dict[str, Callable[[Path], None]] = {name: _zipped(members) for name, members in _MEMBERS.items()}
