package dev.freshet.app.http;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The secret that requests must bring. Only its digest is kept.
public final class Token {
  private static final int SHORTEST = 16;

  private final byte[] digest;

  private Token(byte[] digest) {
    this.digest = digest;
  }

  /// Takes a secret of 16 characters or more.
  ///
  /// @throws FreshetException 22023 if it is shorter
  public static Token of(String secret) {
    if (secret.strip().length() < SHORTEST) {
      throw new FreshetException(
          Problem.of("22023", "the token is shorter than " + SHORTEST + " characters")
              .withHint("Make one with: openssl rand -hex 32."));
    }
    return new Token(digestOf(secret.strip()));
  }

  /// Reads a secret from a file.
  ///
  /// @throws FreshetException 58030 if the file cannot be read
  public static Token read(Path file) {
    try {
      return of(Files.readString(file));
    } catch (IOException e) {
      throw new FreshetException(
          Problem.of("58030", "could not read the token file \"" + file + "\"")
              .withDetail(e.toString()),
          e);
    }
  }

  /// Compares in a time that tells nothing about the secret.
  boolean matches(String presented) {
    return MessageDigest.isEqual(digest, digestOf(presented));
  }

  private static byte[] digestOf(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
