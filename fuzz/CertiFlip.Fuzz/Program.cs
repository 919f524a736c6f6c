using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CertiFlip.Fuzz;
using SharpFuzz;

// What the script fuzz/run calls; docs/fuzzing.md says how.
return args switch
{
    ["list"] => Each(target => Console.WriteLine(target.Name)),
    ["corpus", var folder] => Each(target => WriteCorpus(target, folder)),
    ["instrument", .. var assemblies] => Instrument(assemblies),
    ["mutate", var name, var seconds, var failures] =>
        Mutations.Run(Find(name), TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), failures),
    ["afl", var name] => Afl(name),
    ["try", var name, .. var files] => Try(Find(name), files),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("list | corpus FOLDER | instrument DLL... | mutate TARGET SECONDS FOLDER | afl TARGET | try TARGET FILE...");
    return 2;
}

static Target Find(string name) => Targets.All.First(target => target.Name == name);

static int Each(Action<Target> action)
{
    foreach (Target target in Targets.All)
        action(target);
    return 0;
}

static void WriteCorpus(Target target, string folder)
{
    string own = Path.Combine(folder, target.Name);
    Directory.CreateDirectory(own);
    foreach ((int index, byte[] seed) in target.Seeds.Index())
        File.WriteAllBytes(Path.Combine(own, $"seed-{index}"), seed);
    File.WriteAllText(Path.Combine(folder, $"{target.Name}.dict"), target.Dictionary());
}

// Branches of the kernels tell nothing of a file, and are most of what runs.
static int Instrument(string[] assemblies)
{
    foreach (string assembly in assemblies)
        Fuzzer.Instrument(assembly, type => !type.StartsWith("CertiFlip.Kernels", StringComparison.Ordinal), Options.Value);
    return 0;
}

static unsafe int Afl(string name)
{
    // Rewritten code counts its branches from the beginning: the seeds are made before there is a place that AFL reads.
    const int Branches = 1 << 16;
    SharpFuzz.Common.Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Branches);
    Target target = Find(name);
    string folder = Mutations.TemporaryFolder();
    var trial = new Trial(target, folder);
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        trial.Run(input.ToArray());
    });
    Directory.Delete(folder, recursive: true);
    return 0;
}

static int Try(Target target, string[] files)
{
    string folder = Mutations.TemporaryFolder();
    var trial = new Trial(target, folder);
    int failed = 0;
    foreach (string file in files)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            string outcome = trial.Run(File.ReadAllBytes(file)) ? "read" : "refused";
            Console.WriteLine($"{file}: {outcome}, {watch.Elapsed.TotalSeconds:F2} s");
        }
        catch (FailureException failure)
        {
            failed = 1;
            Console.WriteLine($"{file}: {failure.Message}\n{failure.InnerException?.StackTrace}");
        }
    }

    Directory.Delete(folder, recursive: true);
    return failed;
}
