package io.lockstep.journal;

import java.nio.file.Path;
import java.util.List;

class FullTmpfsTest extends FullDiskTest {
    @Override
    List<String> mountCommand(final Path image, final Path point) {
        return List.of("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", point.toString());
    }
}
