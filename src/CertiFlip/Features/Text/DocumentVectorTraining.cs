using CertiFlip.Kernels;

namespace CertiFlip.Features.Text;

/// <summary>
/// Learns vectors of texts and terms: for a text d and a term w, σ(6·cos(d, w)) is to be 1 where the text holds the
/// term, and 0 for terms drawn at random, by steps against the derivative of the log loss. As cosines do not depend on
/// lengths, every step is at right angles to its vector and makes it longer, and later steps turn it less.
/// </summary>
internal sealed class DocumentVectorTraining
{
    // The sharpness, the number of random terms for each one that is held, and what their frequencies are raised to are
    // Thongtan and Phienthrakul's. Vectors begin at length 1, so that a step of 0.01 turns them by a few degrees.
    private const double Sharpness = 6, Step = 0.01;
    private const int RandomTerms = 5, TableBits = 22;

    // Of the seed's sequences.
    private const ulong TermStream = 0, TextStream = 1, OrderStream = 2;

    private readonly int[][] _texts;
    private readonly DocumentVectorsOptions _options;
    private readonly int[] _table;
    private readonly float[] _terms;
    private readonly float[] _documents;

    /// <summary>Lays out vectors that point anywhere.</summary>
    /// <param name="texts">The terms that each text holds, as often as it does.</param>
    /// <param name="terms">How many terms there are.</param>
    /// <param name="options">How many numbers vectors have, how often to pass over the texts, and the seed.</param>
    public DocumentVectorTraining(int[][] texts, int terms, DocumentVectorsOptions options)
    {
        (_texts, _options) = (texts, options);
        _table = TableOf(texts, terms);
        _terms = Anywhere(terms, options.Components, TermStream, options.Seed);
        _documents = Anywhere(texts.Length, options.Components, TextStream, options.Seed);
    }

    /// <summary>Passes over all texts, in another order each time.</summary>
    /// <param name="progress">Is told when one more text is done; each is done once in each pass.</param>
    /// <param name="cancellation">When to stop.</param>
    public void Run(IProgress<int>? progress, CancellationToken cancellation)
    {
        var random = new PhiloxRandom(_options.Seed, OrderStream);
        int[] order = [.. Enumerable.Range(0, _texts.Length)];
        float[] turn = new float[_options.Components];
        for (int epoch = 0; epoch < _options.Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (int text in order)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<float> document = _documents.AsSpan(text * turn.Length, turn.Length);
                random.Shuffle(_texts[text]);
                Turn(document, _texts[text], random, turn);
                progress?.Report(1);
            }
        }
    }

    /// <summary>The vectors of terms, scaled to length 1.</summary>
    public float[] Vectors()
    {
        float[] vectors = new float[_terms.LongLength];
        for (int start = 0; start < vectors.Length; start += _options.Components)
        {
            ReadOnlySpan<float> own = _terms.AsSpan(start, _options.Components);
            float length = MathF.Sqrt(Singles.Products(own, own).Square);
            for (int i = 0; i < own.Length; i++)
                vectors[start + i] = own[i] / length;
        }

        return vectors;
    }

    /// <summary>The terms to draw from: each as often as its frequency to the power ¾ says.</summary>
    private static int[] TableOf(int[][] texts, int terms)
    {
        double[] sums = new double[terms];
        foreach (int term in texts.SelectMany(text => text))
            sums[term]++;
        double sum = 0;
        for (int i = 0; i < terms; i++)
        {
            double root = Math.Sqrt(sums[i]);
            sums[i] = sum += root * Math.Sqrt(root);
        }

        int[] table = new int[1 << TableBits];
        for (int i = 0, term = 0; i < table.Length; i++)
        {
            while (term < terms - 1 && sums[term] <= (i + 0.5) / table.Length * sum)
                term++;
            table[i] = term;
        }

        return table;
    }

    private static float[] Anywhere(int vectors, int length, ulong stream, ulong seed)
    {
        var random = new PhiloxRandom(seed, stream);
        double widest = Math.Sqrt(3.0 / length);
        float[] numbers = new float[(long)vectors * length];
        foreach (ref float number in numbers.AsSpan())
            number = (float)((2 * random.NextDouble() - 1) * widest);
        return numbers;
    }

    /// <summary>
    /// One step for each term that the text holds. Terms of the next step are drawn before one is taken: their vectors
    /// lie anywhere, and are on their way meanwhile.
    /// </summary>
    private void Turn(Span<float> document, ReadOnlySpan<int> held, PhiloxRandom random, Span<float> turn)
    {
        Span<int> terms = stackalloc int[1 + RandomTerms], next = stackalloc int[1 + RandomTerms];
        for (int i = 0; i <= held.Length; i++)
        {
            if (i < held.Length)
                Draw(held[i], random, next);
            if (i > 0)
                Turn(document, terms, turn);
            next.CopyTo(terms);
        }
    }

    /// <summary>The term that is held, and some that are drawn.</summary>
    private void Draw(int held, PhiloxRandom random, Span<int> terms)
    {
        for (int draw = 0; draw <= RandomTerms; draw++)
        {
            int term = terms[draw] = draw == 0 ? held : _table[random.Next() >> (31 - TableBits)];
            Singles.Prefetch(_terms.AsSpan(term * _options.Components, _options.Components));
        }
    }

    /// <summary>One step for a term that the text holds, the first, and some that were drawn.</summary>
    private void Turn(Span<float> document, ReadOnlySpan<int> terms, Span<float> turn)
    {
        turn.Clear();
        float square = Singles.Products(document, document).Square, shrink = 0;
        for (int draw = 0; draw <= RandomTerms; draw++)
        {
            int term = terms[draw];
            if (draw > 0 && term == terms[0])
                continue;
            Span<float> vector = _terms.AsSpan(term * turn.Length, turn.Length);
            (float product, float own) = Singles.Products(document, vector);
            float lengths = MathF.Sqrt(square * own), cosine = product / lengths;
            float slope = (float)(Step * Sharpness * ((draw == 0 ? 1 : 0) - 1 / (1 + Arithmetic.Exp(-Sharpness * cosine))));
            shrink += slope * cosine / square;
            Singles.Turn(document, vector, slope / lengths, slope * cosine / own, turn);
        }

        Singles.ScaleAndAdd(document, 1 - shrink, turn);
    }
}
