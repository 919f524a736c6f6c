using System.Collections.Concurrent;
using System.CommandLine;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>
/// <c>certify --by-blocks</c>: training rows stay in their file and are read in blocks, by this process or by the
/// shards of a plan.
/// </summary>
internal sealed class BlockRun
{
    private readonly Option<bool> _byBlocks = new("--by-blocks")
    {
        Description = "Leave the training rows in their file and read them in blocks of 65,536, by this process or by the shards of a "
            + "plan: for more rows than fit into memory. --train and --train-labels are plain .npy, --classes states the classes, the head "
            + "is ridge, certificates are exact, kl and tight.",
    };

    public Option Option => _byBlocks;

    /// <summary>The certificates that there are in blocks.</summary>
    public static IReadOnlyList<CertificateKind> Certificates { get; } = [.. CertifierOptions.AllCertificates.Where(BlockWork.IsPossible)];

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_byBlocks);

    /// <summary>Refuses what has no meaning in blocks.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The options of data.</param>
    /// <param name="others">Options that have no meaning in blocks, beside those of data.</param>
    public static void Check(ParseResult parsed, DataOptions data, IEnumerable<Option> others)
    {
        CommandOptions.RefuseGiven(parsed, [.. data.NotInBlocks, .. others], "--by-blocks");
        if (data.MissingInBlocks(parsed) is { } missing)
        {
            throw new UsageException(
                $"{missing} is missing: --by-blocks needs --train and --train-labels as .npy, --classes or --class-prior, and --test.");
        }
    }

    /// <summary>Certifies, or does what a plan asks for.</summary>
    public static (RunData Data, MethodResult Outcome) Run(
        ParseResult parsed, DataOptions data, SmoothingMethod method, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        (Dataset training, Dataset test, ClassList classes) = data.OpenBlocks(parsed, progress, cancellation);
        Noise? noise = null;
        if (SmoothingMethod.UsesNoise(method.Head, method.Certificates))
        {
            double q = method.Noise ?? SmoothingMethod.DefaultNoise;
            RunData.CheckNoise(q, classes.Count, training.LabelSource);
            noise = new Noise(q, classes.Count);
        }

        test = DataColumns.Of(training).Align(test);
        RunData.CheckShares(method.Head, classes);
        var options = new CertifierOptions { Certificates = method.Certificates, Noise = noise, Head = method.Head, Threads = threads };
        BlockWork work = WorkOf(training, test, classes, options);
        var rows = new BlockInput(training.Features, LabelsOf(training, classes), test.Features);
        IReadOnlyList<BlockStage> stages = BlockWork.Stages;
        using StageParts parts = RowWork.Current.Stages(new StagedWork(
            [
                .. stages.Select(stage => new WorkStage(stage.Name, NameOf(stage.Of), work.CountOf(stage))
                {
                    LeastShare = LeastShareOf(stage.Of),
                    PerOne = TimeSpan.FromSeconds(stage.Of == BlockStageItems.TrainingBlocks ? work.SecondsOfBlock : 0),
                }),
            ],
            (stage, first, count, earlier, output) =>
            {
                progress.Report($"{stages[stage].Name}: {Wording.Count(count, WordFor(stages[stage].Of))}");
                RunData.Named(test, () =>
                {
                    work.Run(
                        stages[stage], first, count, rows, one => earlier.Open(stages.Index().First(it => it.Item == one).Index), output,
                        cancellation);
                    return true;
                });
            })
        {
            Memory = work.Memory,
        });
        IEnumerable<Stream> Open(BlockStage stage) => parts.Open(stages.Index().First(it => it.Item == stage).Index);
        IReadOnlyList<RowCertificates> certified = work.Finish(Open);
        RidgeHead head = work.Head(training.Features, Open);
        progress.Report("reading all training labels");
        return (RunData.From(training, test, classes), new MethodResult(certified, method.SettingOf(head)));
    }

    private static BlockWork WorkOf(Dataset training, Dataset test, ClassList classes, CertifierOptions options)
    {
        try
        {
            return new BlockWork(training.Features.Rows, training.Features.Columns, test.Features.Rows, classes, options);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--by-blocks: {exception.Message.Split(" (Parameter")[0]}");
        }
    }

    private static BlockLabelReader LabelsOf(Dataset training, ClassList classes)
    {
        var known = new ConcurrentDictionary<string, int>();
        return (firstRow, found) =>
        {
            for (int i = 0; i < found.Length; i++)
            {
                int row = firstRow + i;
                found[i] = known.GetOrAdd(training.Labels[row], label => classes.TryFind(label, out int c) ? c : throw new DataException(
                    $"{training.PlaceOfLabel(row)}: the label {DataException.Quote(label)} is not one of the stated classes."));
            }
        };
    }

    private static string NameOf(BlockStageItems items) => items switch
    {
        BlockStageItems.TrainingBlocks => "training-blocks",
        BlockStageItems.TestRows => "test-rows",
        BlockStageItems.Nothing => "nothing",
        _ => throw new ArgumentOutOfRangeException(nameof(items)),
    };

    private static string WordFor(BlockStageItems items) => items switch
    {
        BlockStageItems.TrainingBlocks => "block",
        BlockStageItems.TestRows => "test row",
        BlockStageItems.Nothing => "part",
        _ => throw new ArgumentOutOfRangeException(nameof(items)),
    };

    /// <summary>A part of a stage of test rows reads a little of every part of the stage before.</summary>
    private static int LeastShareOf(BlockStageItems items) => items == BlockStageItems.TestRows ? 4096 : 1;
}
