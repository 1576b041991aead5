"""Reads an 8-bit PNG with the standard library: enough to ask a screenshot a question."""

import struct
import zlib


class Picture:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        if data[:8] != b"\x89PNG\r\n\x1a\n":
            raise AssertionError(f"{path} is no PNG")
        body, at = b"", 8
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at:at + 8])
            chunk = data[at + 8:at + 8 + length]
            if kind == b"IHDR":
                self.width, self.height, depth, color = struct.unpack(">IIBB", chunk[:10])
                self.channels = {2: 3, 6: 4}[color]
                assert depth == 8
            elif kind == b"IDAT":
                body += chunk
            at += 12 + length
        self._unfilter(zlib.decompress(body))

    def _unfilter(self, raw):
        stride, step = self.width * self.channels, self.channels
        self.rows, previous, at = [], bytearray(stride), 0
        for _ in range(self.height):
            kind, row = raw[at], bytearray(raw[at + 1:at + 1 + stride])
            at += 1 + stride
            for i in range(stride):
                left = row[i - step] if i >= step else 0
                up = previous[i]
                corner = previous[i - step] if i >= step else 0
                if kind == 1:
                    row[i] = (row[i] + left) & 255
                elif kind == 2:
                    row[i] = (row[i] + up) & 255
                elif kind == 3:
                    row[i] = (row[i] + (left + up) // 2) & 255
                elif kind == 4:
                    guess = left + up - corner
                    near = min((left, up, corner), key=lambda value: abs(guess - value))
                    row[i] = (row[i] + near) & 255
            self.rows.append(row)
            previous = row

    def pixels(self, x_share=(0.0, 1.0), y_share=(0.0, 1.0)):
        """(r, g, b) of a part of the picture, given by shares of its width and height."""
        for y in range(int(self.height * y_share[0]), int(self.height * y_share[1])):
            row = self.rows[y]
            for x in range(int(self.width * x_share[0]), int(self.width * x_share[1])):
                yield tuple(row[x * self.channels:x * self.channels + 3])
