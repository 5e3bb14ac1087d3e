package dev.freshet.app.command;

import dev.freshet.FreshetException;
import dev.freshet.ViewSource;
import dev.freshet.compiler.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads view files from disk.
final class ViewFiles {
  private static final String STDIN = "-";
  private static final String NO_FILE = "58P01";
  private static final String IO_ERROR = "58030";

  private ViewFiles() {}

  /// The files, and all `.sql` files below the directories, in the order of their names.
  static List<ViewSource> read(List<String> paths, InputStream in) {
    List<ViewSource> sources = new ArrayList<>();
    for (String path : paths) {
      if (path.equals(STDIN)) {
        sources.add(standardInput(in));
      } else if (Files.isDirectory(Path.of(path))) {
        sources.addAll(directory(Path.of(path)));
      } else {
        sources.add(file(Path.of(path)));
      }
    }
    return sources;
  }

  /// Where views come from, the same from whatever directory the program is started.
  static String origin(List<String> paths) {
    return paths.stream()
        .map(path -> path.equals(STDIN) ? path : absolute(path))
        .collect(Collectors.joining(", "));
  }

  static ViewSource file(Path path) {
    try {
      return new ViewSource(path.toString(), Files.readString(path));
    } catch (CharacterCodingException e) {
      throw unreadable(path, "The file is not valid UTF-8.", e);
    } catch (NoSuchFileException e) {
      throw missing(path, e);
    } catch (IOException e) {
      throw unreadable(path, "The system says: " + e.getMessage() + ".", e);
    }
  }

  private static String absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize().toString();
  }

  private static List<ViewSource> directory(Path directory) {
    try (Stream<Path> below = Files.walk(directory)) {
      List<ViewSource> sources =
          below
              .filter(path -> path.toString().endsWith(".sql") && Files.isRegularFile(path))
              .sorted()
              .map(ViewFiles::file)
              .toList();
      if (sources.isEmpty()) {
        throw new FreshetException(
            Problem.of(NO_FILE, "no .sql files in directory \"%s\"".formatted(directory)));
      }
      return sources;
    } catch (IOException e) {
      throw unreadable(directory, "The system says: " + e.getMessage() + ".", e);
    }
  }

  private static ViewSource standardInput(InputStream in) {
    try {
      byte[] text = in.readAllBytes();
      return new ViewSource("<stdin>", new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unreadable(Path.of("<stdin>"), "The system says: " + e.getMessage() + ".", e);
    }
  }

  private static FreshetException missing(Path path, IOException cause) {
    Problem problem =
        Problem.of(NO_FILE, "could not open file \"%s\": No such file or directory".formatted(path))
            .withHint("Name a view file, or a directory with .sql files.");
    return new FreshetException(problem, cause);
  }

  private static FreshetException unreadable(Path path, String detail, IOException cause) {
    Problem problem =
        Problem.of(IO_ERROR, "could not read \"%s\"".formatted(path)).withDetail(detail);
    return new FreshetException(problem, cause);
  }
}
