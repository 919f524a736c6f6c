using System.Text;
using CertiFlip.Cli.Commands.Plan;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Features;
using CertiFlip.Heads;

namespace CertiFlip.Fuzz;

/// <summary>What is in the folder of a plan: manifests, and parts of rows and of fits.</summary>
internal static class PlanSeeds
{
    private const int Classes = 3;

    private static readonly byte[] Identity = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];

    private static readonly CertificateKind[] Kinds = [CertificateKind.Exact, CertificateKind.Tight];

    // Fits whose parts are read, each with all parts of all of its stages.
    private static readonly Fit[] Fits =
    [
        Fit.Of(() => HeadChoice.Default.FitInStages(Seeds.Numbers(12, 3))),
        Fit.Of(() => new PrincipalComponentsChoice().FitInStages(Seeds.Numbers(9, 2))),
        Fit.Of(() => new SpectralFeaturesChoice { Options = new() { Components = 1, Neighbours = 3, NeighbourRecall = 0.5 } }
            .FitInStages(Seeds.Numbers(20, 3))),
        Fit.Of(() => new LatentSemanticsChoice { Options = new() { Components = 2 } }.FitInStages(Seeds.SomeTexts)),
    ];

    public static IReadOnlyList<byte[]> Manifests { get; } =
    [
        PlanJson.Of(Manifest(new PlanStage("rows", "rows", 7, PlannedJob.Share(7, 3)))),
        PlanJson.Of(Manifest(
            new PlanStage("largest", "training-blocks", 2, PlannedJob.Share(2, 2)),
            new PlanStage("fit", "nothing", 1, PlannedJob.Share(1, 1))) with
        { Model = new PlanModel(300, new string('c', 64)) }),
    ];

    public static IReadOnlyList<byte[]> Parts { get; } = [Part()];

    /// <summary>The fit and the stage of a part in two bytes, and the part.</summary>
    public static IReadOnlyList<byte[]> FitParts { get; } =
    [
        .. from fit in Fits.Index()
           from stage in fit.Item.Parts.Index()
           select (byte[])[(byte)fit.Index, (byte)stage.Index, .. stage.Item],
    ];

    /// <summary>A manifest is refused, or has stages whose rows are all of some shard.</summary>
    public static void ReadManifest(string path)
    {
        PlanManifest manifest = PlanJson.Parse(File.ReadAllBytes(path), path);
        foreach (PlanStage stage in manifest.Stages)
        {
            Trial.Hold(stage.Shards.Sum(shard => (long)shard.Count) == stage.Rows, "rows are in no shard");
            Trial.Hold(stage.Name == Path.GetFileName(stage.Name) && stage.Name is not ("." or ".."), "a stage is no folder of the plan");
        }
    }

    /// <summary>A part is damaged or of another plan, or its rows are read as what they are.</summary>
    public static void ReadPart(string path)
    {
        var part = JobPart.Look(path, Identity);
        if (part.State != PartState.Done)
            throw new DataException($"{path}: {part.State}.");
        foreach ((int index, JobPart.Step step) in part.Steps.Index())
        {
            if (step.Name == "certificates")
            {
                foreach (RowCertificates row in part.Read(index, step.Name, step.Total, step.Rows, RowForm.Certificates(Kinds, Classes)))
                    Trial.Hold(row.Certificates.All(one => one.Prediction < Classes), "a prediction is of no class");
            }
            else
            {
                foreach (double[] row in part.Read(index, step.Name, step.Total, step.Rows, RowForm.Numbers(2)))
                    Trial.Hold(row.All(double.IsFinite), "a number is not finite");
            }
        }
    }

    /// <summary>The part of a fit is refused, or the fit goes on with it.</summary>
    public static void ReadFitPart(string path)
    {
        byte[] all = File.ReadAllBytes(path);
        if (all is not [var fit, var stage, .. var part] || fit >= Fits.Length || stage >= Fits[fit].Parts.Count)
            throw new DataException($"{path}: no part of a fit.");
        try
        {
            Fits[fit].GoOn(stage, part);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new DataException($"{path}: {exception.Message}", exception);
        }
    }

    private static PlanManifest Manifest(params PlanStage[] stages) => new(
        "1.0.0", PlannedJob.KernelContract, "/data", ["certify", "--train", "train.csv", "--test", "test.csv"],
        [new PlanInput("train.csv", 17, new string('a', 64), "2026-01-01T00:00:00.0000000Z")], Model: null, stages);

    private static byte[] Part()
    {
        RowCertificates[] rows =
        [
            new([new Certificate(Kinds[0], 1, Radius.Of(3), true), new Certificate(Kinds[1], 1, Radius.Of(2), true)], -4.5)
            {
                LogChange = -3,
            },
            new([new Certificate(Kinds[0], 0, Radius.Any, true), new Certificate(Kinds[1], 2, Radius.Of(0), false)], double.NaN),
        ];
        double[][] numbers = [[1, 2], [-0.5, 1e300], [0, 3]];
        string path = Path.GetTempFileName();
        JobPart.Write(
            path, Identity,
            [Step("certificates", rows, RowForm.Certificates(Kinds, Classes)), Step("numbers", numbers, RowForm.Numbers(2))]);
        byte[] file = File.ReadAllBytes(path);
        File.Delete(path);
        return file[..^32];
    }

    private static (string Name, int Total, int Rows, byte[] Bytes) Step<T>(string name, T[] rows, RowForm<T> form)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
            Array.ForEach(rows, row => form.Write(writer, row));
        return (name, rows.Length, rows.Length, bytes.ToArray());
    }

    /// <summary>A fit with the parts of all of its stages.</summary>
    /// <param name="Parts">One for each stage.</param>
    /// <param name="GoOn">Takes another part for a stage, and goes on to the next.</param>
    private sealed record Fit(IReadOnlyList<byte[]> Parts, Action<int, byte[]> GoOn)
    {
        public static Fit Of<T>(Func<StagedFit<T>> start)
        {
            List<byte[]> parts = [];
            for (int stage = 0; stage < start().Stages.Count; stage++)
                parts.Add(Next(After(stage)));
            return new Fit(parts, (stage, part) =>
            {
                StagedFit<T> fit = After(stage);
                fit.Take([new MemoryStream(part)]);
                if (stage + 1 < fit.Stages.Count)
                    Next(fit);
                else
                    fit.Finish();
            });

            StagedFit<T> After(int stages)
            {
                StagedFit<T> fit = start();
                foreach (byte[] part in parts.Take(stages))
                    fit.Take([new MemoryStream(part)]);
                return fit;
            }
        }

        private static byte[] Next<T>(StagedFit<T> fit)
        {
            using var part = new MemoryStream();
            fit.Run(0, fit.Next!.Count, part);
            return part.ToArray();
        }
    }
}
