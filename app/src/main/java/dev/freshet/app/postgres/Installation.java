package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/// A home directory with the programs that work on it and the account that they run under.
record Installation(ServerHome home, Binaries binaries, ServerUser user) {
  static final String SUPERUSER = "postgres";

  static Installation at(ServerHome home, int major) {
    home.requireMajor(major);
    Binaries binaries = Binaries.find(major);
    return new Installation(home, binaries, ServerUser.choose(binaries, home.root()));
  }

  /// Creates the data directory if there is none. A half-made one is never taken for a whole one.
  void createData() {
    if (Files.exists(home.data())) {
      return;
    }
    Path unfinished = home.root().resolve("data.unfinished");
    try {
      Trees.delete(unfinished);
      ServerHome.write(home.password(), randomPassword());
      initialize(unfinished);
      Files.move(unfinished, home.data(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialize(Path data) {
    Program.Result result =
        Program.run(
            user.command(
                binaries.program("initdb"),
                "--pgdata=" + data,
                "--username=" + SUPERUSER,
                "--pwfile=" + home.password(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions"));
    if (result.exitCode() != 0) {
      throw new FreshetException(
          Problem.of("58000", "could not create data directory \"" + data + "\"")
              .withDetail(result.output().strip()));
    }
  }

  private static String randomPassword() {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    return HexFormat.of().formatHex(secret);
  }
}
