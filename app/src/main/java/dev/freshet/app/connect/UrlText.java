package dev.freshet.app.connect;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent-encoding as libpq has it: a plus sign stands for itself.
final class UrlText {
  private UrlText() {}

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] == '%') {
        decoded.put(byteAt(encoded, i));
        i += 2;
      } else {
        decoded.put(encoded[i]);
      }
    }
    return utf8(decoded.flip());
  }

  private static byte byteAt(byte[] encoded, int percent) {
    int high = percent + 1 < encoded.length ? Character.digit(encoded[percent + 1], 16) : -1;
    int low = percent + 2 < encoded.length ? Character.digit(encoded[percent + 2], 16) : -1;
    if (high < 0 || low < 0) {
      throw ConnectionProblems.refused(
          "invalid percent-encoded token in the URL", "Write a percent sign itself as %25.");
    }
    int value = high * 16 + low;
    if (value == 0) {
      throw ConnectionProblems.refused("forbidden value %00 in percent-encoded value of the URL");
    }
    return (byte) value;
  }

  private static String utf8(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw ConnectionProblems.refused("percent-encoded value of the URL is not valid UTF-8");
    }
  }
}
