using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Native;

/// <summary>Functions of models, and of the library itself.</summary>
internal static unsafe class Models
{
    private static readonly nint Version = Marshal.StringToCoTaskMemUTF8(
        typeof(Models).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);

    private static readonly string[] OpenSsl = ["libssl.so.3", "libssl.so.1.1", "libssl.so.4"];

    /// <summary>The model of a handle.</summary>
    public static TrainedModel Of(nint handle) => Handles.Get<TrainedModel>(handle, "model");

    /// <summary>A certifier of a model's head.</summary>
    public static Certifier CertifierOf(TrainedModel model, Call call) =>
        new(model.Head, model.Labels, new CertifierOptions { Adversary = call.Adversary, Threads = call.Threads });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_version")]
    private static byte* GetVersion() => (byte*)Version;

    [UnmanagedCallersOnly(EntryPoint = "certiflip_abi")]
    private static int GetAbi() => 1;

    [UnmanagedCallersOnly(EntryPoint = "certiflip_free")]
    private static void Free(nint handle) => Call.Guard(null, () => Handles.Free(handle));

    [UnmanagedCallersOnly(EntryPoint = "certiflip_fit")]
    private static int Fit(
        LentMatrix* features, LentLabels* labels, FitOptions* options, RunOptions* run, nint* model, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            Input.NotNull(model, "model");
            *model = 0;
            FitOptions given = Input.Read(options, "certiflip_fit_options", FitOptions.SizeWithoutShares);
            FeatureMatrix matrix = Input.Matrix(features, "features");
            ClassLabels encoded = Input.Labels(labels, () => StatedClasses(given));
            if (encoded.Count != matrix.Rows)
                throw new CallException(Status.BadArgument, $"There are {encoded.Count} labels for {matrix.Rows} training rows.");
            HeadChoice head = HeadOf(given);
            if (head.NeedsClasses && !encoded.Classes.IsStated)
                throw new CallException(Status.BadArgument, $"The head {head.Text} needs classes: their number is part of it.");
            if (encoded.Classes.Shares.Count > 0 && !head.Lifts)
                throw new CallException(Status.BadArgument, $"The head {head.Text} lifts no scores by shares of classes.");
            double? q = head.DependsOnLabels
                ? given.Noise > 0 ? given.Noise : throw new CallException(Status.BadArgument, "ridge=paper needs a noise above 0.")
                : given.Noise == 0 ? null : throw new CallException(Status.BadArgument, "noise has no meaning without ridge=paper.");
            string[] names = [.. encoded.Classes];
            var training = new Dataset(matrix, "features")
            {
                Labels = [.. Enumerable.Range(0, encoded.Count).Select(row => names[encoded[row]])],
            };
            *model = Handles.Of(Call.Run(run, matrix.Rows, call => Checked(call, () =>
                TrainedModel.Fit(training, encoded, head, q, call.Parallel))));
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_load")]
    private static int Load(byte* path, RunOptions* run, nint* model, ErrorText* error) => Call.Guard(error, () =>
    {
        Input.NotNull(model, "model");
        *model = 0;
        string file = Input.Text(path, "path");
        *model = Handles.Of(Call.Run(run, 0, call =>
            OfFile(() => TrainedModelFile.Restore(StoredModel.Read(file), call.Parallel))));
    });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_save")]
    private static int Save(nint model, byte* path, ErrorText* error) => Call.Guard(error, () =>
    {
        TrainedModel trained = Of(model);
        string file = Input.Text(path, "path");
        OfFile(() =>
        {
            TrainedModelFile.Store(trained).Write(file);
            return file;
        });
    });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_model_get")]
    private static int Get(nint model, ModelInfo* info, ErrorText* error) => Call.Guard(error, () =>
    {
        TrainedModel trained = Of(model);
        HeadValues values = trained.Choice.Values(trained.Head);
        Input.Fill(info, "certiflip_model_info", new ModelInfo
        {
            Rows = trained.Labels.Count,
            Columns = trained.Training.Features.Columns,
            Classes = trained.Labels.ClassCount,
            ClassesAreStated = trained.Labels.Classes.IsStated ? 1 : 0,
            IsConditional = trained.Head.DependsOnLabels ? 1 : 0,
            Type = trained.Training.Features.TryGetValues<float>(out _) ? 1 : 0,
            Features = Input.AddressOf(trained.Training.Features),
            Lambda = values.Lambda ?? double.NaN,
            Gain = values.Gain ?? double.NaN,
            Offset = values.Offset ?? double.NaN,
            Bandwidth = values.Bandwidth ?? double.NaN,
            Neighbours = values.Neighbours ?? 0,
            Noise = trained.Noise ?? double.NaN,
        });
    });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_class_name")]
    private static int ClassName(nint model, int c, byte* buffer, nuint capacity, nuint* length, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            ClassList classes = Of(model).Labels.Classes;
            if (c < 0 || c >= classes.Count)
                throw new CallException(Status.BadArgument, $"There is no class {c}: they are numbered 0 to {classes.Count - 1}.");
            Input.Give(classes[c], buffer, capacity, length);
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_prior")]
    private static int Prior(nint model, double* prior, long count, ErrorText* error) =>
        Call.Guard(error, () => Give(Of(model).Labels.Classes, classes => classes.Prior, prior, count, "prior"));

    [UnmanagedCallersOnly(EntryPoint = "certiflip_shares")]
    private static int Shares(nint model, double* shares, long count, ErrorText* error) =>
        Call.Guard(error, () => Give(Of(model).Labels.Classes, classes => classes.Shares, shares, count, "shares"));

    [UnmanagedCallersOnly(EntryPoint = "certiflip_head_name")]
    private static int HeadName(nint model, byte* buffer, nuint capacity, nuint* length, ErrorText* error) =>
        Call.Guard(error, () => Input.Give(Of(model).Choice.Text, buffer, capacity, length));

    [UnmanagedCallersOnly(EntryPoint = "certiflip_head_options")]
    private static int HeadOptions(nint model, byte* buffer, nuint capacity, nuint* length, ErrorText* error) => Call.Guard(error, () =>
    {
        HeadValues values = Of(model).Choice.Values();
        string?[] options =
        [
            values.Ridge is { } ridge ? $"ridge={ridge}" : null,
            values.Intercept is { } intercept ? $"intercept={(intercept ? "yes" : "no")}" : null,
            values.Gain is { } gain ? string.Create(CultureInfo.InvariantCulture, $"gain={gain:R}") : null,
            values.Offset is { } offset ? string.Create(CultureInfo.InvariantCulture, $"offset={offset:R}") : null,
            values.Lift is { } lift ? string.Create(CultureInfo.InvariantCulture, $"lift={lift:R}") : null,
            values.Levels is { } levels ? $"levels={string.Join(',', levels)}" : null,
        ];
        Input.Give(string.Join(' ', options.OfType<string>()), buffer, capacity, length);
    });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_describe")]
    private static int Describe(nint model, byte* buffer, nuint capacity, nuint* length, ErrorText* error) => Call.Guard(error, () =>
    {
        TrainedModel trained = Of(model);
        Input.Give(trained.Choice.Describe(trained.Head), buffer, capacity, length);
    });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_predict")]
    private static int Predict(nint model, LentMatrix* tests, RunOptions* run, int* classes, long count, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            TrainedModel trained = Of(model);
            FeatureMatrix matrix = Input.Matrix(tests, "tests");
            Span<int> wanted = Input.Span(classes, count, matrix.Rows, "classes");
            Call.Run(run, matrix.Rows, call => CertifierOf(trained, call).Predict(matrix, call, call.Stop)).CopyTo(wanted);
        });

    [UnmanagedCallersOnly(EntryPoint = "certiflip_decide")]
    private static int Decide(nint model, LentMatrix* tests, RunOptions* run, double* decisions, long count, ErrorText* error) =>
        Call.Guard(error, () =>
        {
            TrainedModel trained = Of(model);
            FeatureMatrix matrix = Input.Matrix(tests, "tests");
            long numbers = trained.Labels.ClassCount == 2 ? 1 : trained.Labels.ClassCount;
            Span<double> wanted = Input.Span(decisions, count, matrix.Rows * numbers, "decisions");
            Call.Run(run, matrix.Rows, call => CertifierOf(trained, call).Decide(matrix, call, call.Stop)).CopyTo(wanted);
        });

    /// <summary>What is stated of each class: NaN where nothing is.</summary>
    private static void Give(ClassList classes, Func<ClassList, IReadOnlyList<double>> stated, double* numbers, long count, string name)
    {
        Span<double> wanted = Input.Span(numbers, count, classes.Count, name);
        wanted.Fill(double.NaN);
        stated(classes).ToArray().CopyTo(wanted);
    }

    private static ClassList? StatedClasses(FitOptions options)
    {
        if (options.Classes is null && options.ClassCount == 0)
        {
            return options.Prior is null && options.Shares is null
                ? null
                : throw new CallException(Status.BadArgument, "A prior or shares need classes, in their order.");
        }

        if (options.Prior is not null && options.Shares is not null)
            throw new CallException(Status.BadArgument, "There are a prior and shares of classes, of which a head takes one.");
        ClassList classes = ClassList.Of(Input.Texts(options.Classes, options.ClassCount, "classes"));
        return options.Prior is not null ? classes.WithPrior(InOrder(options.Prior, options, classes, "prior"))
            : options.Shares is not null ? classes.WithShares(InOrder(options.Shares, options, classes, "shares"))
            : classes;
    }

    /// <summary>A number for each class. The list has an order of its own: numbers are sorted as such.</summary>
    private static double[] InOrder(double* numbers, FitOptions options, ClassList classes, string name)
    {
        ReadOnlySpan<double> given = Input.Span(numbers, options.ClassCount, name);
        double[] sorted = new double[given.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            classes.TryFind(Input.Text(options.Classes[i], "class"), out int c);
            sorted[c] = given[i];
        }

        return sorted;
    }

    private static HeadChoice HeadOf(FitOptions options)
    {
        string name = options.Head is null ? HeadChoice.Default.Text : Input.Text(options.Head, "head");
        HeadChoice head = HeadChoice.TryParse(name)
            ?? throw new CallException(Status.BadArgument, $"There is no head '{name}'; expected {HeadChoice.Forms}.");
        string given = options.HeadOptions is null ? "" : Input.Text(options.HeadOptions, "head_options");
        foreach (string option in given.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = option.Split('=', 2);
            head = (parts.Length == 2 ? head.WithOption(parts[0], parts[1]) : null)
                ?? throw new CallException(
                    Status.BadArgument,
                    $"The head {name} has no option '{option}'; there are ridge=RULE and intercept=yes|no of ridge, ridge=RULE of pairs, "
                    + "ridge=RULE, gain=G, offset=B|auto and lift=T of saturated-ridge, ridge=RULE, gain=G and lift=T of two-means, "
                    + "ridge=RULE and gain=G of tempered-ridge, and ridge=RULE and levels=LIST of hierarchy.");
        }

        return head;
    }

    /// <summary>A fit cannot be stopped everywhere; here it is at its end.</summary>
    private static TrainedModel Checked(Call call, Func<TrainedModel> fit)
    {
        try
        {
            TrainedModel model = fit();
            call.Stop.ThrowIfCancellationRequested();
            return model;
        }
        catch (DataException exception)
        {
            throw new CallException(Status.BadData, exception.Message);
        }
    }

    private static T OfFile<T>(Func<T> work)
    {
        // The runtime takes SHA-256 from there, and ends the process where there is none.
        if (!OpenSsl.Any(name => NativeLibrary.TryLoad(name, out _)))
            throw new CallException(Status.BadFile, $"Model files need OpenSSL, one of {string.Join(", ", OpenSsl)}.");
        try
        {
            return work();
        }
        catch (DataException exception)
        {
            throw new CallException(Status.BadFile, exception.Message);
        }
    }

    /// <summary><c>certiflip_fit_options</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FitOptions
    {
        public nuint Size;
        public byte* Head;
        public byte* HeadOptions;
        public byte** Classes;
        public long ClassCount;
        public double* Prior;
        public double Noise;
        public double* Shares;

        /// <summary>Its size in programs that were compiled before there were shares.</summary>
        public static int SizeWithoutShares => sizeof(FitOptions) - sizeof(double*);
    }

    /// <summary><c>certiflip_model_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ModelInfo
    {
        public nuint Size;
        public long Rows;
        public long Columns;
        public int Classes;
        public int ClassesAreStated;
        public int IsConditional;
        public int Type;
        public void* Features;
        public double Lambda;
        public double Gain;
        public double Offset;
        public double Bandwidth;
        public long Neighbours;
        public double Noise;
    }
}
