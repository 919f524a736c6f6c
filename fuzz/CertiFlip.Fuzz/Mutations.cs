using System.Diagnostics;
using System.Globalization;

namespace CertiFlip.Fuzz;

/// <summary>The fuzzer that needs no other program: mutated seeds, without a look at what they reach.</summary>
internal static class Mutations
{
    // Of wall time: an input that is never done with is reported by another thread.
    private static readonly TimeSpan Endless = TimeSpan.FromSeconds(30);

    /// <summary>A new folder for files of one run, in memory where there is such a place.</summary>
    public static string TemporaryFolder()
    {
        string root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(root, $"certiflip-fuzz-{Guid.NewGuid():N}")).FullName;
    }

    /// <summary>Tries mutated inputs for some time, prints how many, and saves those that fail.</summary>
    /// <returns>0, or 1 where one failed.</returns>
    public static int Run(Target target, TimeSpan time, string failures)
    {
        string folder = TemporaryFolder();
        var counts = new Counts(target);
        byte[] current = [];
        long began = Stopwatch.GetTimestamp();
        using var watch = new Timer(
            _ =>
            {
                if (Stopwatch.GetElapsedTime(Interlocked.Read(ref began)) < Endless)
                    return;
                counts.Failed(current, $"not done after {Endless.TotalSeconds} s", failures);
                Environment.Exit(1);
            },
            null,
            Endless,
            TimeSpan.FromSeconds(1));
        var trial = new Trial(target, folder);
        var mutator = new Mutator(target, Seed());
        var clock = Stopwatch.StartNew();
        foreach (byte[] input in target.Seeds.Concat(Endlessly(mutator)))
        {
            if (clock.Elapsed > time)
                break;
            current = input;
            Interlocked.Exchange(ref began, Stopwatch.GetTimestamp());
            counts.Try(trial, input, failures);
        }

        Directory.Delete(folder, recursive: true);
        Console.WriteLine(counts);
        return counts.Failures == 0 ? 0 : 1;
    }

    /// <summary>Another each day, or what the environment says.</summary>
    private static int Seed() => Environment.GetEnvironmentVariable("CERTIFLIP_FUZZ_SEED") is { Length: > 0 } seed
        ? int.Parse(seed, CultureInfo.InvariantCulture)
        : DateTime.UtcNow.Year * 1000 + DateTime.UtcNow.DayOfYear;

    private static IEnumerable<byte[]> Endlessly(Mutator mutator)
    {
        while (true)
            yield return mutator.Next();
    }
}

/// <summary>What became of the inputs of one target.</summary>
internal sealed class Counts(Target target)
{
    public int Tried { get; private set; }

    public int Read { get; private set; }

    public int Failures { get; private set; }

    /// <summary>Tries an input and counts it; one that fails is saved and named.</summary>
    public void Try(Trial trial, byte[] input, string failures)
    {
        Tried++;
        try
        {
            if (trial.Run(input))
                Read++;
        }
        catch (FailureException failure)
        {
            Failed(input, failure.Message, failures);
        }
    }

    /// <summary>Saves an input that failed.</summary>
    public void Failed(byte[] input, string reason, string failures)
    {
        Directory.CreateDirectory(failures);
        string path = Path.Combine(failures, $"{target.Name}-{++Failures}");
        File.WriteAllBytes(path, input);
        Console.WriteLine($"{path}: {reason}");
    }

    public override string ToString() =>
        $"{target.Name}: {Tried} inputs, {Read} read, {Tried - Read - Failures} refused, {Failures} failed";
}
