using CertiFlip.Data;
using CertiFlip.Fuzz;

namespace CertiFlip.Cli.Tests.Fuzzing;

/// <summary>Time and memory of the whole process are measured: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
public sealed class FuzzTestsRunAlone;

/// <summary>A few of the inputs that fuzz/run tries, the same ones each time.</summary>
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests : IDisposable
{
    private const int Inputs = 150;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutated_inputs_are_read_or_refused_in_one_line_in_time_and_in_memory(string name)
    {
        Target target = Targets.All.First(target => target.Name == name);
        var counts = new Counts(target);
        var trial = new Trial(target, _folder.Path);
        var mutator = new Mutator(target, seed: 1);
        foreach (byte[] input in target.Seeds.Concat(Enumerable.Range(0, Inputs).Select(_ => mutator.Next())))
            counts.Try(trial, input, _folder["failures"]);
        Assert.Equal(0, counts.Failures);
        Assert.InRange(counts.Read, 1, counts.Tried);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Most_seeds_are_read(string name)
    {
        Target target = Targets.All.First(target => target.Name == name);
        var trial = new Trial(target, _folder.Path);
        Assert.InRange(target.Seeds.Count(trial.Run), 0.6 * target.Seeds.Count, target.Seeds.Count);
    }

    public static TheoryData<string, Action<string>, string> Faults => new()
    {
        { "another exception", _ => throw new InvalidOperationException("of the reader"), "InvalidOperationException: of the reader" },
        { "memory", _ => GC.KeepAlive(new byte[1 << 26]), "bytes allocated for 3" },
        { "time", _ => Work(), "s of processor time" },
        { "a message without the file", _ => throw new DataException("something is wrong"), "a message without the file" },
        { "too little memory", path => throw new DataException($"{path}: no", new InsufficientMemoryException()), "out of memory" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void An_input_that_fails_is_saved_and_named(string fault, Action<string> read, string expected)
    {
        var target = new Target { Name = "planted", Extension = ".bin", Seeds = [[1, 2, 3]], Read = read, Room = 1 << 20 };
        var counts = new Counts(target);
        Assert.Contains(expected, Assert.Throws<FailureException>(() => new Trial(target, _folder.Path).Run([1, 2, 3])).Message,
            StringComparison.Ordinal);
        counts.Try(new Trial(target, _folder.Path), [1, 2, 3], _folder["failures"]);
        Assert.Equal((1, 1, fault), (counts.Tried, counts.Failures, fault));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(_folder["failures"], "planted-1")));
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        Target target = Targets.All[0];
        var first = new Mutator(target, seed: 7);
        var second = new Mutator(target, seed: 7);
        for (int i = 0; i < 50; i++)
            Assert.Equal(first.Next(), second.Next());
    }

    private static void Work()
    {
        TimeSpan started = Environment.CpuUsage.TotalTime;
        while (Environment.CpuUsage.TotalTime - started <= Trial.Limit)
        {
        }
    }
}
