using CertiFlip.Heads;

namespace CertiFlip.Data.Models;

/// <summary>A <see cref="TrainedModel"/> as a file holds it: with its training features and labels, and with what fitting computed of them.</summary>
public static class TrainedModelFile
{
    /// <summary>The kind of model.</summary>
    public const string Kind = "classifier";

    /// <summary>Puts a trained model into a file's arrays.</summary>
    /// <param name="model">The model.</param>
    public static StoredModel Store(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var stored = new StoredModel(Kind);
        TrainingDataArrays.Add(stored, model);
        HeadArrays.Add(stored, model.Choice, model.Head);
        stored.Add("noise", model.Noise is { } q ? [q] : Array.Empty<double>());
        return stored;
    }

    /// <summary>Takes a trained model out of a file's arrays: it certifies to the same bits as the one that was put in.</summary>
    /// <param name="stored">The arrays.</param>
    /// <param name="parallel">How many threads may work; as many as there are processors if not given. The result does not depend on it.</param>
    /// <exception cref="DataException">It is of another kind, or does not fit together.</exception>
    public static TrainedModel Restore(StoredModel stored, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(stored);
        stored.Expect(Kind);
        return stored.Restore(() =>
        {
            Dataset training = TrainingDataArrays.Read(stored, out LabelEncoding encoding);
            HeadChoice choice = HeadArrays.ReadChoice(stored);
            double? q = stored.Doubles("noise") switch
            {
                [] when !choice.DependsOnLabels => null,
                [var noise] when choice.DependsOnLabels => noise,
                _ => throw new ArgumentException($"The noise does not fit the head {choice.Text}."),
            };
            int classes = encoding.Classes.Count;
            RidgeRule rule = choice.Ridge.For(new ClassLabels(encoding.Encode(training), classes), new Noise(q ?? 0.1, classes));
            IHead head = HeadArrays.Read(stored, choice, training.Features, rule, parallel);
            return new TrainedModel(training, choice, head, q) { LabelColumn = stored.Texts("label column").Single() };
        });
    }
}
