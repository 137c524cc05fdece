package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableMarkTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("durable");
    }

    private void write(final long... positions) throws IOException {
        try (DurableMark mark = DurableMark.open(file(), 0, channel -> channel.force(false))) {
            for (final long position : positions) {
                mark.store(position);
            }
        }
    }

    @Test
    void shouldSayTheLastPosition() throws IOException {
        write(5, 9, 12);
        final DurableMark.Reading reading = DurableMark.read(file());
        assertEquals(12, reading.position());
        assertNull(reading.trouble());
    }

    @Test
    void shouldSayTheOneBeforeWhenASlotIsTorn() throws IOException {
        write(5, 9, 12);
        final byte[] bytes = Files.readAllBytes(file());
        bytes[16] ^= 1;
        Files.write(file(), bytes);
        final DurableMark.Reading reading = DurableMark.read(file());
        assertEquals(9, reading.position());
        assertNotNull(reading.trouble());
    }

    @Test
    void shouldGoOnWhenSomebodyCutsTheFileShort() throws IOException {
        try (DurableMark mark = DurableMark.open(file(), 0, channel -> channel.force(false))) {
            mark.store(5);
            try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            mark.store(9);
        }
        assertEquals(9, DurableMark.read(file()).position());
    }

    @Test
    void shouldSayNothingWithoutAFile() throws IOException {
        assertEquals(0, DurableMark.read(file()).position());
    }

    @Test
    void shouldTakeAnyBytes() throws IOException {
        final Random random = new Random(7);
        for (int length = 0; length < 9_000; length += 531) {
            final byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            Files.write(file(), bytes);
            assertEquals(0, DurableMark.read(file()).position(), "length=" + length);
        }
    }
}
