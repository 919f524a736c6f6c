// Runs before .NET starts, in the file for processors with AVX2. Where the processor has AVX-512 too, the same program
// compiled for it takes over, if it lies beside this one. Where it has no AVX2, the program ends with a word about it:
// it would otherwise be many times slower, or stop at an instruction that is unknown.

#include <cpuid.h>
#include <string.h>
#include <unistd.h>

static const char WITHOUT_AVX2[] =
    "certiflip: this is the native command, which needs a processor with AVX2 and FMA; "
    "the one that runs on .NET needs neither: dotnet tool install CertiFlip.Cli.any\n";

// Where 512-bit registers slow the whole processor down, .NET does not use them either: Skylake, Cascade Lake and Cooper
// Lake servers, and Cannon Lake.
static int slows_down(void)
{
    unsigned eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx))
        return 0;
    unsigned family = eax >> 8 & 0xF, model = (eax >> 12 & 0xF0) | (eax >> 4 & 0xF);
    return family == 6 && (model == 0x55 || model == 0x66);
}

__attribute__((constructor)) static void choose_file(int argc, char **argv, char **environment)
{
    static const char suffix[] = "-avx512";
    char path[4096];
    (void)argc;
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    {
        ssize_t written = write(STDERR_FILENO, WITHOUT_AVX2, sizeof WITHOUT_AVX2 - 1);
        _exit(written < 0 ? 2 : 1);
    }

    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512cd")
        || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl") || slows_down())
        return;
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - sizeof suffix);
    if (length <= 0)
        return;
    memcpy(path + length, suffix, sizeof suffix);
    execve(path, argv, environment); // Returns if there is no such file: then this one works, with narrower registers.
}
