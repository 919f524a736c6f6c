using System.Runtime.InteropServices;
using CertiFlip.Data;

namespace CertiFlip.Native;

/// <summary>Functions of witnesses.</summary>
internal static unsafe class Witnesses
{
    /// <summary>Gives as many flips as there is room for.</summary>
    public static void Give(IReadOnlyList<LabelFlip> flips, NativeFlip* buffer, long capacity)
    {
        Span<NativeFlip> wanted = Input.Span(buffer, capacity, "flips");
        for (int i = 0; i < Math.Min(wanted.Length, flips.Count); i++)
            wanted[i] = new NativeFlip { Row = flips[i].Row, From = flips[i].From, To = flips[i].To };
    }

    [UnmanagedCallersOnly(EntryPoint = "certiflip_find_witnesses")]
    private static int Find(
        nint model, LentMatrix* tests, long* rows, long rowCount, RunOptions* run, nint* witnesses, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Input.NotNull(witnesses, "witnesses");
            *witnesses = 0;
            TrainedModel trained = Models.Of(model);
            FeatureMatrix training = trained.Training.Features;
            FeatureMatrix? matrix = tests is null ? null : Input.Matrix(tests, "tests");
            int all = (matrix ?? training).Rows;
            int[] wanted = rows is null && rowCount == 0 ? [.. Enumerable.Range(0, all)] : Input.Rows(rows, rowCount, "rows");
            if (Array.FindIndex(wanted, row => row >= all) is var bad and >= 0)
                throw new CallException(Status.BadArgument, $"There is no row {wanted[bad]}: they are numbered 0 to {all - 1}.");
            if (matrix is not null && matrix.Columns != training.Columns)
                throw new CallException(Status.BadData, $"The model has {training.Columns} features, but the tests have {matrix.Columns}.");
            Found[] found = Call.Run(run, wanted.Length, call =>
            {
                Certifier certifier = Models.CertifierOf(trained, call);
                var each = new Found[wanted.Length];
                for (int i = 0; i < each.Length; i++)
                {
                    call.Stop.ThrowIfCancellationRequested();
                    bool isFound = matrix is null
                        ? certifier.TryFindLeftOutWitness(training, wanted[i], out Witness? witness)
                        : certifier.TryFindWitness(matrix.Row(wanted[i]), out witness);
                    each[i] = new Found(wanted[i], isFound ? witness : null);
                    call.Report(1);
                }

                return each;
            });
            *witnesses = Handles.Of(found);
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_witnesses_read")]
    private static int Read(nint witnesses, long index, Info* witness, NativeFlip* flips, long capacity, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Found[] found = Handles.Get<Found[]>(witnesses, "set of witnesses");
            if (index < 0 || index >= found.Length)
                throw new CallException(Status.BadArgument, $"There is no witness {index}: {found.Length} were asked for.");
            Found one = found[index];
            Input.Fill(witness, "certiflip_witness", new Info
            {
                Row = one.Row,
                IsFound = one.Witness is null ? 0 : 1,
                Prediction = one.Witness?.Prediction ?? -1,
                Rival = one.Witness?.Rival ?? -1,
                Cost = one.Witness?.Cost ?? 0,
                Flips = one.Witness?.Flips.Count ?? 0,
            });
            Give(one.Witness?.Flips ?? [], flips, capacity);
        });

    /// <summary>What was found for a row.</summary>
    private sealed record Found(int Row, Witness? Witness);

    /// <summary><c>certiflip_witness</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public nuint Size;
        public long Row;
        public int IsFound;
        public int Prediction;
        public int Rival;
        public int Cost;
        public long Flips;
    }
}

/// <summary><c>certiflip_flip</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeFlip
{
    public long Row;
    public int From;
    public int To;
}
