package io.lockstep.journal;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

class FullExt4Test extends FullDiskTest {
    @Override
    List<String> mountCommand(final Path image, final Path point) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        Assumptions.assumeTrue(run(List.of("mkfs.ext4", "-q", "-m", "0", image.toString())) == 0, "cannot make ext4");
        return List.of("mount", "-o", "loop", image.toString(), point.toString());
    }
}
