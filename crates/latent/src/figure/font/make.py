"""Rasterises the letters of DejaVu Sans for pictures: letters.png, which `font.rs` reads.

Run it where Pillow and the font are: `python make.py /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf`.

All letters stand side by side in one row of pixels that are 0 (paper) to 255 (ink). Above them is
one more row, with a mark at the first column of each letter.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = 14
# ASCII from space to tilde, and the signs that captions use.
LETTERS = [chr(code) for code in range(32, 127)] + list("°±²³·×–—’“”…→≈≤≥−äöüéèçñµπσλΔ")  # noqa: RUF001

font = ImageFont.truetype(sys.argv[1], SIZE)
ascent, descent = font.getmetrics()
widths = [round(font.getlength(letter)) for letter in LETTERS]
sheet = Image.new("L", (sum(widths), 1 + ascent + descent))
left = 0
for letter, width in zip(LETTERS, widths, strict=True):
    tile = Image.new("L", (width, ascent + descent))
    ImageDraw.Draw(tile).text((0, 0), letter, fill=255, font=font)
    sheet.paste(tile, (left, 1))
    sheet.putpixel((left, 0), 255)
    left += width
sheet.save(Path(__file__).parent / "letters.png", optimize=True)
print("".join(LETTERS), sheet.size)
