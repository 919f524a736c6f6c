using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Data.Pipelines;
using Microsoft.Extensions.Options;

namespace CertiFlip.Hosting;

/// <summary>Which model is served, and the limits of requests. They are validated when the host starts.</summary>
/// <remarks>The defaults suit one machine that serves callers who are not trusted.</remarks>
public sealed class CertiFlipOptions : IValidatableObject
{
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
    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        TimeSpan day = TimeSpan.FromDays(1);
        (string Name, object? Value, bool IsGood, string Expected)[] options =
        [
            (nameof(Noise), Noise, Noise is null or (> 0 and < 1), "a number between 0 and 1"),
            (nameof(MaxRows), MaxRows, MaxRows is > 0 and <= 1_000_000, "a whole number from 1 to 1000000"),
            (nameof(MaxBodyBytes), MaxBodyBytes, MaxBodyBytes is > 0 and <= 1 << 30, $"a whole number from 1 to {1 << 30}"),
            (nameof(MaxFlips), MaxFlips, MaxFlips > 0, "a whole number above 0"),
            (nameof(MaxConcurrent), MaxConcurrent, MaxConcurrent is > 0 and <= 1024, "a whole number from 1 to 1024"),
            (nameof(MaxQueued), MaxQueued, MaxQueued is >= 0 and <= 100_000, "a whole number from 0 to 100000"),
            (nameof(RequestTimeout), RequestTimeout, RequestTimeout > TimeSpan.Zero && RequestTimeout <= day,
                $"a time above 0 and up to {day}"),
            (nameof(ReloadInterval), ReloadInterval, ReloadInterval >= TimeSpan.Zero && ReloadInterval <= day, $"a time from 0 to {day}"),
        ];
        return options.Where(option => !option.IsGood).Select(option => new ValidationResult(
            string.Create(CultureInfo.InvariantCulture, $"found {option.Value}, expected {option.Expected}."), [option.Name]));
    }
}

/// <summary>Validates the options by their attributes, without reflection.</summary>
[OptionsValidator]
internal sealed partial class CertiFlipOptionsValidator : IValidateOptions<CertiFlipOptions>;
