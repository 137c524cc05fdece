package io.lockstep.node.admin;

import io.lockstep.gateway.auth.TokenFile;
import io.lockstep.gateway.auth.TokenTool;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.config.Unit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a random token. Only its hash is kept, so it is shown this once. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a random token and prints it, this once.",
            "A tokens file holds only its SHA-256. With --add the line goes into a tokens file, which is "
                    + "made with mode 0600; a running node takes it over without a restart. Removing the line revokes "
                    + "the token and ends its sessions."
        })
public final class TokenCommand implements Callable<Integer> {
    @Option(names = "--principal", paramLabel = "NAME", required = true, description = "whose token it is")
    private String principal;

    @Option(
            names = "--databases",
            paramLabel = "NAMES",
            description = "names or patterns as team-*, commas between (default: *)")
    private String databases = "*";

    @Option(
            names = "--permissions",
            paramLabel = "LIST",
            description = "of read, write, create, admin, commas between (default: read,write)")
    private String permissions = "read,write";

    @Option(
            names = "--sites",
            paramLabel = "SITES",
            description = "sites that it may write as: 32 hex digits each, or any (default)")
    private String sites = "any";

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "how long it is good for, for example 30d (default: for ever)")
    private String expires;

    @Option(names = "--add", paramLabel = "FILE", description = "appends the line to this tokens file")
    private Path file;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public TokenCommand() {}

    @Override
    public Integer call() throws IOException {
        // A line of the file is words: what holds a blank or is empty would be read as something else.
        word("--principal", principal);
        word("--databases", databases);
        word("--permissions", permissions);
        word("--sites", sites);
        final String token = TokenTool.newToken();
        final String line = "sha256=" + TokenTool.hash(token) + " principal=" + principal + " databases=" + databases
                + " permissions=" + permissions + " sites=" + sites + expiry();
        check(line);
        final PrintWriter out = spec.commandLine().getOut();
        if (file == null) {
            out.println("token: " + token);
            out.println("line for the tokens file (mode 0600):");
            out.println(line);
        } else {
            append(line);
            out.println(token);
        }
        out.flush();
        return ExitCode.OK.code();
    }

    private void word(final String flag, final String value) {
        if (value.isEmpty() || value.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
            throw new ParameterException(
                    spec.commandLine(), flag + "='" + value + "': must not be empty or hold white space");
        }
    }

    private String expiry() {
        if (expires == null) {
            return "";
        }
        if (expires.matches(".*[0-9_]\\s*")) {
            throw new ParameterException(
                    spec.commandLine(), "--expires=" + expires + ": give a unit, for example 12h or 30d");
        }
        try {
            if (Unit.MILLIS.parse(expires) <= 0) {
                throw new IllegalArgumentException("'" + expires + "' is not more than 0");
            }
            return " expiresMs=" + Math.addExact(System.currentTimeMillis(), Unit.MILLIS.parse(expires));
        } catch (final IllegalArgumentException | ArithmeticException e) {
            throw new ParameterException(spec.commandLine(), "--expires: " + e.getMessage(), e);
        }
    }

    /** The node's own reader judges the line before it goes anywhere. */
    private void check(final String line) throws IOException {
        final Path trial = Files.createTempFile(
                "lockstep-token",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(trial, line + "\n");
            readAsNode(trial);
        } catch (final IllegalArgumentException e) {
            final String reason = String.valueOf(e.getMessage()).replaceFirst("^path=\\S+, line=\\d+: ", "");
            throw new ParameterException(spec.commandLine(), reason, e);
        } finally {
            Files.delete(trial);
        }
    }

    private void append(final String line) {
        try {
            try {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } catch (final FileAlreadyExistsException e) {
                // A node would refuse the file with the new line just as it does without.
                readAsNode(file);
            }
            final byte[] end = Files.readAllBytes(file);
            final String before = end.length > 0 && end[end.length - 1] != '\n' ? "\n" : "";
            Files.write(file, (before + line + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        } catch (final IllegalArgumentException e) {
            throw new CliException(ExitCode.CONFIG, String.valueOf(e.getMessage()), e);
        } catch (final IOException e) {
            throw new CliException(ExitCode.USAGE, "cannot write the tokens file " + file + ": " + reason(e), e);
        }
    }

    /** The message of some of these exceptions is the path alone. */
    private static String reason(final IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException failed && failed.getReason() != null
                ? failed.getReason()
                : e.toString();
    }

    private static void readAsNode(final Path path) {
        LoggerFactory.getLogger(TokenCommand.class).debug("{}", new TokenFile(path, (category, message) -> {}));
    }
}
