using CertiFlip.Heads;

namespace CertiFlip.Data.Models;

/// <summary>A <see cref="TrainedModel"/> as a file holds it: with its training features and labels, and with what fitting computed of them.</summary>
public static class TrainedModelFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "classifier";

    private const string Ridge = "ridge";

    /// <summary>Puts a trained model into a file's arrays.</summary>
    /// <param name="model">The model.</param>
    public static StoredModel Store(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var stored = new StoredModel(Kind);
        TrainingDataArrays.Add(stored, model);
        stored.Add("head", [Ridge]);
        stored.Add("ridge", [model.Ridge.Text]);
        stored.Add("noise", model.Noise is { } q ? [q] : Array.Empty<double>());
        RidgeHeadState state = model.Head.GetState();
        stored.Add("intercept", [(int)state.Intercept]);
        stored.Add("lambda", [state.Lambda]);
        stored.Add("scales", [.. state.Scales]);
        stored.Add("means", [.. state.Means]);
        stored.Add("factor", [.. state.Factor]);
        stored.Add("multiplied rows", [.. state.Multiplied]);
        return stored;
    }

    /// <summary>Takes a trained model out of a file's arrays: it certifies to the same bits as the one that was put in.</summary>
    /// <param name="stored">The arrays.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static TrainedModel Restore(StoredModel stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        stored.Expect(Kind);
        return stored.Restore(() =>
        {
            Dataset training = TrainingDataArrays.Read(stored, out LabelEncoding encoding);
            if (stored.Texts("head") is not [Ridge])
                throw new ArgumentException("There is no such head.");
            RidgeChoice ridge = RidgeChoice.TryParse(stored.Texts("ridge").Single()) ?? throw new ArgumentException("There is no such ridge rule.");
            double? q = stored.Doubles("noise") switch
            {
                [] when !ridge.DependsOnLabels => null,
                [var noise] when ridge.DependsOnLabels => noise,
                _ => throw new ArgumentException($"The noise does not fit the ridge rule {ridge.Text}."),
            };
            int classes = encoding.Classes.Count;
            RidgeRule rule = ridge.For(new ClassLabels(encoding.Encode(training), classes), new Noise(q ?? 0.1, classes));
            RidgeHeadState state = ReadState(stored);
            return new TrainedModel
            {
                Training = training,
                LabelColumn = stored.Texts("label column").Single(),
                Head = RidgeHead.FromState(training.Features, rule, state),
                Ridge = ridge,
                Intercept = state.Intercept,
                Noise = q,
            };
        });
    }

    private static RidgeHeadState ReadState(StoredModel stored) => new()
    {
        Lambda = stored.Doubles("lambda").Single(),
        Intercept = (Intercept)stored.Integers("intercept").Single(),
        Scales = stored.Doubles("scales"),
        Means = stored.Doubles("means"),
        Factor = stored.Doubles("factor"),
        Multiplied = stored.Doubles("multiplied rows"),
    };
}
