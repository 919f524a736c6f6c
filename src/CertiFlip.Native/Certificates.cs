using System.Runtime.InteropServices;
using CertiFlip.Data;

namespace CertiFlip.Native;

/// <summary>Functions of certificates, each row for itself.</summary>
internal static unsafe class Certificates
{
    private const byte IsCertified = 1, AssumesClasses = 2, AssumesShares = 4;

    [UnmanagedCallersOnly(EntryPoint = "certiflip_certify")]
    private static int Certify(
        nint model, LentMatrix* tests, CertifyOptions* options, RunOptions* run, nint* certificates, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Input.NotNull(certificates, "certificates");
            *certificates = 0;
            TrainedModel trained = Models.Of(model);
            CertifyOptions given = Input.Read(options, "certiflip_certify_options");
            CertificateKind[]? kinds = given.Kinds is null ? null : KindsOf(Input.Text(given.Kinds, "certificates"));
            FeatureMatrix? matrix = tests is null ? null : Input.Matrix(tests, "tests");
            FeatureMatrix training = trained.Training.Features;
            Held held = Call.Run(run, (matrix ?? training).Rows, call =>
            {
                ICertifier certifier = given.Parts == 0
                    ? OfHead(trained, kinds, given.Noise, call)
                    : OfParts(trained, kinds, given, matrix, call);
                IReadOnlyList<RowCertificates> rows = matrix is null
                    ? ((Certifier)certifier).CertifyLeftOut(training, call, call.Stop)
                    : certifier.CertifyBatch(matrix, call, call.Stop);
                return new Held(
                    certifier.Certificates, rows, certifier.IsConditional, trained.Labels.Classes.Shares.Count > 0,
                    (nint)Input.AddressOf(matrix ?? training));
            });
            *certificates = Handles.Of(held);
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_certificates_get")]
    private static int Get(nint certificates, Info* info, ErrorText* error) => Call.Guard(error, () =>
    {
        Held held = Of(certificates);
        Input.Fill(info, "certiflip_certificates_info", new Info
        {
            Rows = held.Rows.Count,
            Kinds = held.Kinds.Count,
            IsConditional = held.IsConditional ? 1 : 0,
            Features = (void*)held.Features,
        });
    });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_certificates_kind")]
    private static int Kind(nint certificates, int index, byte* buffer, nuint capacity, nuint* length, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Held held = Of(certificates);
            if (index < 0 || index >= held.Kinds.Count)
                throw new CallException(Status.BadArgument, $"There is no certificate {index}: each row has {held.Kinds.Count}.");
            Input.Give(held.Kinds[index].Name, buffer, capacity, length);
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_certificates_read")]
    private static int Read(
        nint certificates, byte* kind, int* predictions, int* radii, byte* flags, long count, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Held held = Of(certificates);
            CertificateKind wanted = KindsOf(Input.Text(kind, "kind"))[0];
            if (!held.Kinds.Contains(wanted))
                throw new CallException(Status.BadArgument, $"Asked for {wanted}; expected one of {string.Join(", ", held.Kinds)}.");
            CheckCount(held, count);
            for (int row = 0; row < held.Rows.Count; row++)
            {
                Certificate certificate = held.Rows[row][wanted];
                if (predictions is not null)
                    predictions[row] = certificate.Prediction;
                if (radii is not null)
                    radii[row] = certificate.Radius.IsAny ? int.MaxValue : certificate.Radius.Budget;
                if (flags is not null)
                {
                    flags[row] = (byte)((certificate.IsCertified ? IsCertified : 0) | (certificate.AssumesClasses ? AssumesClasses : 0)
                        | (held.AssumesShares ? AssumesShares : 0));
                }
            }
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_certificates_log_failure")]
    private static int LogFailure(nint certificates, double* failure, double* change, long count, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Held held = Of(certificates);
            CheckCount(held, count);
            for (int row = 0; row < held.Rows.Count; row++)
            {
                if (failure is not null)
                    failure[row] = held.Rows[row].LogFailure;
                if (change is not null)
                    change[row] = held.Rows[row].LogChange;
            }
        });

    private static Held Of(nint handle) => Handles.Get<Held>(handle, "set of certificates");

    private static void CheckCount(Held held, long count)
    {
        if (count != held.Rows.Count)
            throw new CallException(Status.BadArgument, $"count is {count}, but there are {held.Rows.Count} rows.");
    }

    private static CertificateKind[] KindsOf(string names) =>
    [
        .. names.Split(',').Select(name => CertificateKind.TryParse(name.Trim()) ?? throw new CallException(
            Status.BadArgument, $"There is no certificate '{name.Trim()}'; expected {string.Join(", ", CertificateKind.All)}.")),
    ];

    private static Certifier OfHead(TrainedModel model, CertificateKind[]? kinds, double noise, Call call)
    {
        double q = noise == 0 && model.Noise is { } own ? own : noise;
        if (model.Noise is { } fitted && q != fitted)
            throw new CallException(Status.BadArgument, $"The noise is {q}, but the model's lambda was computed for {fitted}.");
        if (q == 0 && kinds?.FirstOrDefault(kind => kind.NeedsNoise) is { } smoothed)
            throw new CallException(Status.BadArgument, $"The certificate {smoothed} needs a noise above 0.");
        if (noise != 0 && kinds is not null && !kinds.Any(kind => kind.NeedsNoise))
            throw new CallException(Status.BadArgument, "The noise has no meaning: none of the certificates needs one.");
        Check(kinds, CertifierOptions.AllCertificates, "a head; those of a vote of parts need parts above 0");
        var options = new CertifierOptions
        {
            Adversary = call.Adversary,
            Threads = call.Threads,
            Noise = q == 0 ? null : new Noise(q, model.Labels.ClassCount),
        };
        return new Certifier(model.Head, model.Labels, kinds is null ? options : options with { Certificates = kinds });
    }

    private static PartitionCertifier OfParts(
        TrainedModel model, CertificateKind[]? kinds, CertifyOptions given, FeatureMatrix? tests, Call call)
    {
        if (tests is null)
            throw new CallException(Status.BadArgument, "A vote of parts needs tests: it leaves no row out.");
        if (given.Noise != 0)
            throw new CallException(Status.BadArgument, "A vote of parts has no noise; expected 0.");
        if (given.Parts < 0)
            throw new CallException(Status.BadArgument, $"parts is {given.Parts}; expected 0 or more.");
        if (model.Choice.DependsOnLabels)
            throw new CallException(Status.BadArgument, "The lambda of ridge=paper depends on a noise, and parts have none.");
        Check(kinds, PartitionCertifierOptions.AllCertificates, "a vote of parts; without parts there are the others");
        var options = new PartitionCertifierOptions { Adversary = call.Adversary, Threads = call.Threads };
        FeatureMatrix training = model.Training.Features;
        var oneThread = new ParallelOptions { MaxDegreeOfParallelism = 1 }; // Parts are spread over the threads.
        return PartitionCertifier.Fit(
            new TrainingSet(training, model.Labels), FeaturePartition.ByHash(training, given.Parts),
            (features, _) => model.Choice.Fit(features, oneThread), kinds is null ? options : options with { Certificates = kinds },
            progress: null, call.Stop);
    }

    private static void Check(CertificateKind[]? kinds, IReadOnlyList<CertificateKind> supported, string whose)
    {
        if (kinds?.FirstOrDefault(kind => !supported.Contains(kind)) is { } stranger)
            throw new CallException(Status.BadArgument, $"{stranger} is no certificate of {whose}.");
    }

    /// <summary>What a handle is of.</summary>
    private sealed record Held(
        IReadOnlyList<CertificateKind> Kinds, IReadOnlyList<RowCertificates> Rows, bool IsConditional, bool AssumesShares, nint Features);

    /// <summary><c>certiflip_certify_options</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct CertifyOptions
    {
        public nuint Size;
        public byte* Kinds;
        public double Noise;
        public int Parts;
        public int Reserved;
    }

    /// <summary><c>certiflip_certificates_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public nuint Size;
        public long Rows;
        public int Kinds;
        public int IsConditional;
        public void* Features;
    }
}
