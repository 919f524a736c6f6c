using CertiFlip.Votes;

namespace CertiFlip.Blocks;

/// <summary>What is known of a test row so far.</summary>
internal sealed class RowState
{
    /// <summary>The head's own class.</summary>
    public required int Prediction { get; init; }

    /// <summary>The smallest number of flips that a rival whose question is answered survives.</summary>
    public required long Survived { get; init; }

    /// <summary>Questions that are not answered yet, and could have a smaller answer.</summary>
    public required PairQuestion[] Questions { get; init; }

    /// <summary>The smoothed classifier's class.</summary>
    public int SmoothedPrediction { get; init; }

    /// <summary>log B as far as it is known; NaN where no noise was given.</summary>
    public double LogFailure { get; init; } = double.NaN;

    /// <summary>Bounds that are still to be summed up, the largest of which is log B.</summary>
    public BoundRequest[] Requests { get; init; } = [];

    /// <summary>Whether the training rows need to be looked at again.</summary>
    public bool IsOpen => Questions.Length + Requests.Length > 0;

    /// <summary>What the histogram of all label weights tells.</summary>
    public static RowState Of(BlockVote vote, bool isExactWanted, Noise? noise, int rows)
    {
        int prediction = vote.HeadPrediction;
        (long survived, PairQuestion[] questions) = PairQuestion.Smallest(
            PairQuestion.Any, isExactWanted ? vote.Rivals(prediction).Select(rival => Ask(new Pair(prediction, rival))) : []);
        (int smoothed, double log, BoundRequest[] requests) = (0, double.NaN, []);
        if (noise is not null && vote.IsUnanimous(out smoothed))
            log = double.NegativeInfinity;
        else if (noise is not null)
        {
            var bound = new BlockBound(vote, noise, rows);
            smoothed = bound.Winner;
            (log, requests) = bound.Requests(smoothed) is { } wanted ? (double.NegativeInfinity, wanted) : (0, []);
        }

        return new RowState
        {
            Prediction = prediction,
            Survived = survived,
            Questions = questions,
            SmoothedPrediction = smoothed,
            LogFailure = log,
            Requests = requests,
        };

        PairQuestion? Ask(Pair pair) =>
            PairQuestion.Walk(pair, vote.LeastKept(pair), 0, vote.DoubledMargin(pair), vote.Moves(pair));
    }

    /// <summary>What another look at all rows tells.</summary>
    public RowState With(RowAnswers answers, Noise? noise, int runRows)
    {
        (long survived, PairQuestion[] questions) = PairQuestion.Smallest(Survived, answers.Narrow(Questions));
        double log = LogFailure;
        for (int i = 0; i < Requests.Length; i++)
        {
            // t = 0 is a valid choice too, with log B = 0. A bound that overflowed to NaN is none.
            double bound = Requests[i].UpperBound(answers.Moments[i], noise!, runRows);
            log = Math.Max(log, bound <= 0 ? bound : 0);
        }

        return new RowState
        {
            Prediction = Prediction,
            Survived = survived,
            Questions = questions,
            SmoothedPrediction = SmoothedPrediction,
            LogFailure = log,
        };
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Prediction);
        writer.Write(Survived);
        writer.Write7BitEncodedInt(SmoothedPrediction);
        writer.Write(LogFailure);
        writer.Write7BitEncodedInt(Questions.Length);
        foreach (PairQuestion question in Questions)
            question.Write(writer);
        writer.Write7BitEncodedInt(Requests.Length);
        foreach (BoundRequest request in Requests)
            request.Write(writer);
    }

    public static RowState Read(BinaryReader reader)
    {
        int prediction = reader.Read7BitEncodedInt();
        long survived = reader.ReadInt64();
        int smoothed = reader.Read7BitEncodedInt();
        double log = reader.ReadDouble();
        var questions = new PairQuestion[reader.Read7BitEncodedInt()];
        for (int i = 0; i < questions.Length; i++)
            questions[i] = PairQuestion.Read(reader);
        var requests = new BoundRequest[reader.Read7BitEncodedInt()];
        for (int i = 0; i < requests.Length; i++)
            requests[i] = BoundRequest.Read(reader);
        return new RowState
        {
            Prediction = prediction,
            Survived = survived,
            SmoothedPrediction = smoothed,
            LogFailure = log,
            Questions = questions,
            Requests = requests,
        };
    }

    /// <summary>Whether log B proves the smoothed prediction.</summary>
    public bool IsCertified => LogFailure < Smoothing.SmoothedValue.LogHalf;
}
