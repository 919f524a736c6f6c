using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Data.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CertiFlip.Hosting;

/// <summary>Which model is served, and the limits of requests. They are validated when the host starts.</summary>
/// <remarks>The defaults suit one machine that serves callers who are not trusted.</remarks>
public sealed class CertiFlipOptions : IValidatableObject
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    private static readonly Option[] _all =
    [
        new(nameof(Model), "the path of a model",
            options => (options.Model, true), // An empty one is refused by its attribute.
            (options, text) => TryRead<string>(text, value => options.Model = value)),
        new(nameof(Noise), "a number between 0 and 1",
            options => (options.Noise, options.Noise is null or (> 0 and < 1)),
            (options, text) => TryRead<double>(text, value => options.Noise = value)),
        new(nameof(MaxRows), "a whole number from 1 to 1000000",
            options => (options.MaxRows, options.MaxRows is > 0 and <= 1_000_000),
            (options, text) => TryRead<int>(text, value => options.MaxRows = value)),
        new(nameof(MaxBodyBytes), $"a whole number from 1 to {1 << 30}",
            options => (options.MaxBodyBytes, options.MaxBodyBytes is > 0 and <= 1 << 30),
            (options, text) => TryRead<int>(text, value => options.MaxBodyBytes = value)),
        new(nameof(MaxFlips), "a whole number above 0",
            options => (options.MaxFlips, options.MaxFlips > 0),
            (options, text) => TryRead<int>(text, value => options.MaxFlips = value)),
        new(nameof(MaxConcurrent), "a whole number from 1 to 1024",
            options => (options.MaxConcurrent, options.MaxConcurrent is > 0 and <= 1024),
            (options, text) => TryRead<int>(text, value => options.MaxConcurrent = value)),
        new(nameof(MaxQueued), "a whole number from 0 to 100000",
            options => (options.MaxQueued, options.MaxQueued is >= 0 and <= 100_000),
            (options, text) => TryRead<int>(text, value => options.MaxQueued = value)),
        new(nameof(RequestTimeout), $"a time above 0 and up to {_day}",
            options => (options.RequestTimeout, options.RequestTimeout > TimeSpan.Zero && options.RequestTimeout <= _day),
            (options, text) => TryRead<TimeSpan>(text, value => options.RequestTimeout = value)),
        new(nameof(ReloadInterval), $"a time from 0 to {_day}",
            options => (options.ReloadInterval, options.ReloadInterval >= TimeSpan.Zero && options.ReloadInterval <= _day),
            (options, text) => TryRead<TimeSpan>(text, value => options.ReloadInterval = value)),
        new(nameof(RequireModelAtStart), "true or false",
            options => (options.RequireModelAtStart, true),
            (options, text) => TryRead<bool>(text, value => options.RequireModelAtStart = value)),
    ];

    /// <summary>
    /// The file of the model, which <c>certiflip train</c> or <see cref="TrainedModelFile"/> has made. A relative path
    /// is below the host's content root.
    /// </summary>
    [Required(ErrorMessage = "expected the path of a model, such as certiflip train --out writes.")]
    public string Model { get; set; } = "";

    /// <summary>
    /// q, the smoothing noise, above 0 and below (K − 1)/K; 0.1 if not given. A model whose λ was computed for a
    /// noise has that one.
    /// </summary>
    public double? Noise { get; set; }

    /// <summary>The most rows of a request.</summary>
    public int MaxRows { get; set; } = 1000;

    /// <summary>The most bytes of a request's body.</summary>
    public int MaxBodyBytes { get; set; } = 4 << 20;

    /// <summary>The most flips in one answer, those of all its witnesses together.</summary>
    public int MaxFlips { get; set; } = 1_000_000;

    /// <summary>How many requests are certified at a time; as many as there are processors if not given.</summary>
    public int MaxConcurrent { get; set; } = Environment.ProcessorCount;

    /// <summary>How many more may wait for that; any further request is refused with status 503.</summary>
    public int MaxQueued { get; set; } = 32;

    /// <summary>How long a request may take, from the beginning of its body to its answer.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often the model's file is looked at. One that was replaced is loaded once it has stayed the same from one
    /// look to the next. 0 never looks.
    /// </summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the host does not start without a good model. If false it starts, answers with status 503 and is not
    /// healthy until there is one.
    /// </summary>
    public bool RequireModelAtStart { get; set; } = true;

    /// <summary>
    /// The most bytes of bodies that are held at a time: as much as may be certified or wait for that.
    /// </summary>
    internal long MaxHeldBytes => (MaxConcurrent + (long)MaxQueued) * MaxBodyBytes;

    /// <summary>Restores first steps of pipelines that are not of CertiFlip.Data.</summary>
    internal Func<string, ModelArrays, RowMap?>? RowMaps { get; private set; }

    /// <summary>Refuses a model by an exception.</summary>
    internal Action<TrainedModel>? Check { get; private set; }

    /// <summary>
    /// Says how first steps of pipelines are restored that are not of CertiFlip.Data, such as the ONNX models of
    /// CertiFlip.Onnx: <c>options.UseRowMaps((kind, arrays) => OnnxRowMaps.Restore(kind, arrays))</c>.
    /// </summary>
    /// <param name="restore">Restores a step of a kind; null for a kind that it does not know.</param>
    public void UseRowMaps(Func<string, ModelArrays, RowMap?> restore) => RowMaps = restore;

    /// <summary>
    /// Looks at each model before it answers, the first and every one that replaces it. If it throws, the model is not
    /// served: the host does not start, or goes on with the model that it has.
    /// </summary>
    /// <param name="check">What looks; the message of its exception goes into the log and the health check.</param>
    public void CheckModel(Action<TrainedModel> check) => Check += check;

    /// <inheritdoc/>
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext) =>
        from option in _all
        let found = option.Look(this)
        where !found.IsGood
        select new ValidationResult(
            string.Create(CultureInfo.InvariantCulture, $"found {found.Value}, expected {option.Expected}."), [option.Name]);

    /// <summary>Sets what a section of a configuration has.</summary>
    /// <param name="section">
    /// The section. A whole configuration may be for others too: its other keys are left alone.
    /// </param>
    /// <param name="name">The name of the options.</param>
    /// <exception cref="OptionsValidationException">
    /// A key is none of the options, or has no value of its kind.
    /// </exception>
    internal void Read(IConfiguration section, string name)
    {
        List<string> failures = [];
        foreach (IConfigurationSection child in section.GetChildren())
        {
            Option? option = Array.Find(_all, one => one.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            bool hasParts = child.GetChildren().Any();
            if (option is null && section is IConfigurationSection)
                failures.Add($"{child.Path}: there is no such option, expected one of {string.Join(", ", _all.Select(one => one.Name))}.");
            else if (option is not null && (hasParts || (child.Value is { } text && !option.TryRead(this, text))))
                failures.Add($"{child.Path}: found {(hasParts ? "a section" : $"'{child.Value}'")}, expected {option.Expected}.");
        }

        if (failures.Count > 0)
            throw new OptionsValidationException(name, typeof(CertiFlipOptions), failures);
    }

    private static bool TryRead<T>(string text, Action<T> set)
        where T : IParsable<T>
    {
        bool isRead = T.TryParse(text, CultureInfo.InvariantCulture, out T? value);
        if (isRead)
            set(value!);
        return isRead;
    }

    /// <summary>An option of a configuration.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Expected">What it may be.</param>
    /// <param name="Look">Its value, and whether it may be that.</param>
    /// <param name="TryRead">Sets it, unless the text is nothing of its kind.</param>
    private sealed record Option(
        string Name, string Expected, Func<CertiFlipOptions, (object? Value, bool IsGood)> Look,
        Func<CertiFlipOptions, string, bool> TryRead);
}

/// <summary>Validates the options by their attributes, without reflection.</summary>
[OptionsValidator]
internal sealed partial class CertiFlipOptionsValidator : IValidateOptions<CertiFlipOptions>;
