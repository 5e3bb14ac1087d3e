package dev.freshet.app.postgres;

import dev.freshet.FreshetException;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Under whose rights the server's programs run. PostgreSQL refuses to run as root, so root steps
/// down: to an account, or, where the home directory is closed to that account, into a user
/// namespace in which root is nobody.
///
/// @param prefix the command that steps down and then runs its arguments
record ServerUser(List<String> prefix) {
  private static final String ACCESS = "test -x \"$0\" && test -w \"$1\" && test -x \"$1\"";

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /// The first way that can run the programs and write the home directory, which becomes its own.
  static ServerUser choose(Binaries binaries, Path home) {
    if (!isRoot()) {
      return new ServerUser(List.of());
    }
    return waysToStepDown()
        .filter(way -> way.works(binaries, home))
        .findFirst()
        .map(way -> new ServerUser(way.prefix))
        .orElseThrow(() -> cannotStepDown(home));
  }

  List<String> command(String... words) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(List.of(words));
    return command;
  }

  private record Way(List<String> prefix, UserPrincipal owner) {
    boolean works(Binaries binaries, Path home) {
      try {
        Trees.giveTo(home, owner);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      List<String> probe = new ArrayList<>(prefix);
      probe.addAll(List.of("sh", "-c", ACCESS, binaries.program("postgres"), home.toString()));
      return Program.succeeds(probe);
    }
  }

  private static Stream<Way> waysToStepDown() {
    Optional<UserPrincipal> account = account("postgres").or(() -> account("nobody"));
    return Stream.of(
            account.map(a -> new Way(setpriv(a.getName()), a)),
            account("root").map(root -> new Way(List.of("unshare", "-U"), root)),
            account.map(a -> new Way(List.of("runuser", "-u", a.getName(), "--"), a)))
        .flatMap(Optional::stream)
        .filter(way -> Program.isInstalled(way.prefix.getFirst()));
  }

  private static List<String> setpriv(String account) {
    return List.of("setpriv", "--reuid", account, "--regid", "65534", "--clear-groups");
  }

  private static Optional<UserPrincipal> account(String name) {
    UserPrincipalLookupService accounts =
        Path.of("/").getFileSystem().getUserPrincipalLookupService();
    try {
      return Optional.of(accounts.lookupPrincipalByName(name));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FreshetException cannotStepDown(Path home) {
    return new FreshetException(
        Problem.of("42501", "no account other than root can use \"" + home + "\"")
            .withDetail("PostgreSQL refuses to run as root. Tried setpriv, unshare and runuser.")
            .withHint(
                "Run the program as an ordinary user, or choose a directory whose parents are open"
                    + " to all, such as one below /var/lib."));
  }
}
