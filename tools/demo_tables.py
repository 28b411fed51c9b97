"""Writes the demo's tables the way offices keep them: XLSX with a title above the head, and CSV of several makes. Standard
library only. The same rows always give the same bytes: fixed times, nothing that depends on a hash or a clock."""
import csv
import datetime
import io
import unicodedata
import zipfile
from xml.sax.saxutils import escape

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Styles of cells, by their place in cellXfs below.
PLAIN, LEFT, TITLE, UNDER, COLUMN, TEXT, CENTRE, DAY = range(8)

FIXED_PARTS = {
    "[Content_Types].xml": HEAD + f'<Types xmlns="{PKG}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
              for name, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"), ("sharedStrings", "sharedStrings")))
    + "</Types>",
    "_rels/.rels": HEAD + f'<Relationships xmlns="{PKG}/relationships"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": HEAD + f'<Relationships xmlns="{PKG}/relationships">'
    + "".join(f'<Relationship Id="rId{i}" Type="{REL}/{kind}" Target="{to}.xml"/>'
              for i, (kind, to) in enumerate((("worksheet", "worksheets/sheet1"), ("styles", "styles"), ("sharedStrings", "sharedStrings")), 1))
    + "</Relationships>",
    "xl/styles.xml": HEAD + f'<styleSheet xmlns="{NS}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="4"><font><sz val="12"/><name val="Times New Roman"/></font><font><b/><sz val="12"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="14"/><name val="Times New Roman"/></font><font><i/><sz val="12"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF2E6C8"/></patternFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment horizontal="center"/></xf>'
    '<xf numFmtId="0" fontId="3" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment horizontal="center"/></xf>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1"><alignment horizontal="center"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center"/></xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def vi_day(d):
    return d.strftime("%d/%m/%Y")


def column_name(i):
    name = ""
    i += 1
    while i:
        i, r = divmod(i - 1, 26)
        name = chr(65 + r) + name
    return name


class Strings:
    """The shared strings of a workbook, in the order of first use."""

    def __init__(self):
        self.of, self.used = {}, 0

    def at(self, s):
        self.used += 1
        return self.of.setdefault(s, len(self.of))

    def xml(self):
        items = "".join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in self.of)
        return HEAD + f'<sst xmlns="{NS}" count="{self.used}" uniqueCount="{len(self.of)}">{items}</sst>'


def cell_xml(strings, column, row, value, style, real_days):
    at = f'<c r="{column_name(column)}{row}"'
    if value is None or value == "":
        return "" if style < COLUMN else f'{at} s="{TEXT}"/>'
    if isinstance(value, datetime.date):
        if real_days:
            return f'{at} s="{DAY}"><v>{(value - datetime.date(1899, 12, 30)).days}</v></c>'
        value = vi_day(value)
    if isinstance(value, int):
        return f'{at} s="{CENTRE}"><v>{value}</v></c>'
    return f'{at} s="{style}" t="s"><v>{strings.at(value)}</v></c>'


def row_xml(strings, number, values, style, real_days=False, height=""):
    cells = "".join(cell_xml(strings, i, number, v, style, real_days) for i, v in enumerate(values))
    return f'<row r="{number}"{height}>{cells}</row>'


def width_of(head, values):
    longest = max([len(head) / 2] + [len(vi_day(v) if isinstance(v, datetime.date) else str(v)) for v in values[:200] if v is not None])
    return min(48, max(6, longest + 2))


def sheet_xml(strings, titles, heads, rows, real_days):
    """The title: who, above whom; what; as of when. Then the head and the rows, with a number in front."""
    last, n = column_name(len(heads)), len(titles) + 2
    out, merged = [], []
    for i, title in enumerate(titles, 1):
        style = LEFT if i <= 2 else TITLE if i == 3 else UNDER
        out.append(row_xml(strings, i, [title], style))
        merged.append(f"A{i}:D{i}" if i <= 2 else f"A{i}:{last}{i}")
    out.append(row_xml(strings, n, ["STT"] + heads, COLUMN, height=' ht="33" customHeight="1"'))
    out += [row_xml(strings, n + i, [i] + row, TEXT, real_days) for i, row in enumerate(rows, 1)]
    widths = [6] + [width_of(h, [r[i] for r in rows]) for i, h in enumerate(heads)]
    cols = "".join(f'<col min="{i}" max="{i}" width="{w:.1f}" customWidth="1"/>' for i, w in enumerate(widths, 1))
    end = n + len(rows)
    return (HEAD + f'<worksheet xmlns="{NS}"><dimension ref="A1:{last}{end}"/><sheetViews><sheetView workbookViewId="0">'
            f'<pane ySplit="{n}" topLeftCell="A{n + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<sheetFormatPr defaultRowHeight="15.75"/><cols>{cols}</cols><sheetData>{"".join(out)}</sheetData>'
            f'<autoFilter ref="A{n}:{last}{end}"/><mergeCells count="{len(merged)}">{"".join(f"""<mergeCell ref="{m}"/>""" for m in merged)}</mergeCells>'
            '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape"/></worksheet>')


def write_xlsx(path, sheet, titles, heads, rows, real_days=False):
    strings = Strings()
    body = sheet_xml(strings, titles, heads, rows, real_days)
    parts = dict(FIXED_PARTS)
    parts["xl/workbook.xml"] = (HEAD + f'<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets>'
                                "</workbook>")
    parts["xl/sharedStrings.xml"] = strings.xml()
    parts["xl/worksheets/sheet1.xml"] = body
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for name in parts:
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            z.writestr(info, parts[name].encode())


# TCVN 5712:1993 VN3. Capitals with a tone have no code: they are typed as small ones and shown in a font of capitals.
TCVN3 = dict(zip(
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
    bytes.fromhex("A1A2A3A4A5A6A7A8A9AAABACADAEB5B6B7B8B9BBBCBDBEC6C7C8C9CACBCCCECFD0D1D2D3D4D5D6D7D8DCDDDEDFE1E2E3E4E5E6E7E8E9EAEBECEDEEEFF1F2F3F4F5F6F7F8F9FAFBFCFDFE")))


def to_tcvn3(text):
    out = bytearray()
    for ch in unicodedata.normalize("NFC", text):
        code = TCVN3.get(ch, TCVN3.get(ch.lower()))
        out += bytes([code]) if code and ord(ch) > 127 else ch.encode("ascii")
    return bytes(out)


ENCODE = {
    "utf8": lambda s: s.encode(),
    "bom": lambda s: b"\xef\xbb\xbf" + s.encode(),
    "nfd": lambda s: unicodedata.normalize("NFD", s).encode(),
    "tcvn3": to_tcvn3,
}


def write_csv(path, heads, rows, separator=",", make="utf8"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow(["STT"] + heads)
    for i, row in enumerate(rows, 1):
        writer.writerow([i] + [vi_day(v) if isinstance(v, datetime.date) else "" if v is None else v for v in row])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ENCODE[make](out.getvalue()))
